"""What an instance does otherwise for a while: the highest MEDs, and graceful shutdown."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bgp.instance import Instance


class Pace:
    """The time after the first session of an instance came up, or before it goes down.

    `starting` is true while `bgp max-med on-startup` holds; it begins with the first session and
    comes once only, as in FRR.
    """

    def __init__(self, instance: "Instance") -> None:
        self._instance = instance
        self._begun = False
        self.starting = False

    @property
    def shutting_down(self) -> bool:
        """True while neighbours are asked to use other ways (`bgp graceful-shutdown`)."""
        instance = self._instance
        return bool(instance.config.graceful_shutdown or instance.bgpd.config.graceful_shutdown)

    @property
    def max_med(self) -> int | None:
        """The MED that goes out in place of all others (`bgp max-med`)."""
        config = self._instance.config
        if config.max_med_administrative is not None:
            return config.max_med_administrative
        return config.max_med_startup_value if self.starting else None

    def session_up(self) -> None:
        """A session came up."""
        seconds = self._instance.config.max_med_startup
        if seconds is None or self._begun:
            return
        self._begun = self.starting = True
        self._instance.bgpd.call_later(seconds, self._over)

    def _over(self) -> None:
        self.starting = False
        self._instance.regroup(self._instance.peers.values())
