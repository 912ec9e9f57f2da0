"""What zebra is told of graceful restart: to keep the routes while bgpd is away."""

from typing import TYPE_CHECKING, Final

from bgp import effective
from bgp.config import Family
from bgp.fsm import State
from bgp.wire.capability import GracefulMode
from zebra.zapi.messages import ClientCapabilities, ClientCapability

if TYPE_CHECKING:
    from bgp.instance import Instance

RIB_STALE_TIME: Final = 500


class Forwarding:
    """Asks zebra, as FRR, as soon as some neighbour of the instance is to see a restart."""

    def __init__(self, instance: "Instance") -> None:
        self._instance = instance
        self._asked: int | None = None
        """The seconds that zebra was told last, None if it was not asked."""

    def configure(self) -> None:
        """Lines or neighbours may have changed."""
        instance = self._instance
        config = instance.config
        wanted: int | None = None
        if any(
            effective.graceful_mode(config, peer.config) is GracefulMode.RESTARTER
            for peer in instance.peers.values()
        ):
            time = config.graceful_restart_rib_stale_time
            wanted = RIB_STALE_TIME if time is None else time
        if wanted == self._asked or not instance.asks_zebra:
            return
        before, self._asked = self._asked, wanted
        if wanted is None:
            self._send(ClientCapability.NO_GRACEFUL_RESTART, 0)
        elif before is None:
            self._send(ClientCapability.GRACEFUL_RESTART, wanted)
        else:
            self._send(ClientCapability.STALE_TIME, wanted)

    def waits_for_peers(self, family: Family) -> bool:
        """True after a restart while neighbours are not back: zebra is to keep their routes.

        FRR says too early that all is complete, and forwarding has a gap.
        """
        instance = self._instance
        if self._asked is None or not instance.bgpd.recently_started:
            return False
        return any(
            peer.running and family in peer.families and peer.main.state is not State.ESTABLISHED
            for peer in instance.peers.values()
        )

    def zebra_up(self) -> None:
        """A new connection knows nothing of it."""
        self._asked = None
        self.configure()

    def _send(self, capability: ClientCapability, seconds: int) -> None:
        instance = self._instance
        message = ClientCapabilities(capability, instance.vrf_id, stale_time=seconds)
        instance.zebra.send(message, instance.vrf_id)
