"""TCP MD5 keys (RFC 2385) of connections that neighbours open."""

from typing import TYPE_CHECKING

from bgp.zebra import UNKNOWN_VRF
from grammar.base.values import Address, Prefix

if TYPE_CHECKING:
    from bgp.instance import Instance
    from bgp.transport import Transport


class Keys:
    """The keys that a neighbour or the listen ranges have, where their instance listens now.

    That is elsewhere when its VRF comes or goes. While zebra does not know the VRF no key is set:
    the sockets of the default VRF are not meant.
    """

    def __init__(self, instance: "Instance") -> None:
        self._instance = instance
        self._transport: Transport | None = None
        self._keys: dict[Address | Prefix, str] = {}

    def use(self, wanted: dict[Address | Prefix, str]) -> None:
        """These keys and no others, from now on."""
        instance, before = self._instance, self._keys
        now = {} if instance.vrf_id == UNKNOWN_VRF else wanted
        if self._transport is not None and self._transport is not instance.transport:
            for each in before:
                self._transport.set_password(each, None)
            before = {}
        self._transport, self._keys = instance.transport, now
        for each in {**before, **now}:
            if before.get(each) != now.get(each):
                instance.transport.set_password(each, now.get(each))
