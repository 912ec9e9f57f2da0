"""What an instance does otherwise for a while after its start: the highest MEDs."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bgp.instance import Instance


class Pace:
    """The time after the first session of an instance came up.

    `starting` is true while `bgp max-med on-startup` holds; it begins with the first session and
    comes once only, as in FRR.
    """

    def __init__(self, instance: "Instance") -> None:
        self._instance = instance
        self._begun = False
        self.starting = False

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
