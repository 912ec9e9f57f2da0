"""Speeds of links that come while zebra runs: their drivers are asked a while later, as in FRR."""

from collections.abc import Callable

from grammar.base.scheduler import Scheduler
from zebra.interface import Interface

DELAY = 15.0
"""Seconds from a link's coming to the question; drivers know little at first."""


class Speeds:
    """`tell(interface)` is called when a speed turns out to be another than was told."""

    def __init__(self, scheduler: Scheduler, tell: Callable[[Interface], None]) -> None:
        self._scheduler = scheduler
        self._tell = tell

    def come(self, interface: Interface) -> None:
        """A link is new; its speed is asked later, if it came while zebra runs."""
        if not interface.unasked:
            return
        ifindex = interface.ifindex
        when = self._scheduler.time() + DELAY
        self._scheduler.call_at(when, lambda: self._ask(interface, ifindex))

    def _ask(self, interface: Interface, ifindex: int) -> None:
        there = interface.vrf.namespace.interfaces.by_index.get(ifindex) is interface
        if there and interface.unasked and interface.ask_speed():
            self._tell(interface)
