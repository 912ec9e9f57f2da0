"""Wires between routers of one process; an end has carrier while another one is up."""

from collections.abc import Callable
from functools import partial

from grammar.base.scheduler import Scheduler
from pyvtysh.host.segment import OnPacket


class Cable:
    """A wire with any number of ends; a test may `cut` it."""

    def __init__(self, scheduler: Scheduler) -> None:
        self.scheduler = scheduler
        self.ends: list[CableEnd] = []
        self.whole = True

    def cut(self) -> None:
        """No end has carrier from now on."""
        self.whole = False
        self.look()

    def mend(self) -> None:
        """As before `cut`."""
        self.whole = True
        self.look()

    def plug_in(self, on_carrier: Callable[[], None], on_packet: OnPacket) -> "CableEnd":
        """A further end, down until it is set up."""
        end = CableEnd(self, on_carrier, on_packet)
        self.ends.append(end)
        self.look()
        return end

    def look(self) -> None:
        """Tell the ends whose carrier changed."""
        for end in self.ends:
            carrier = self.whole and any(other.up for other in self.ends if other is not end)
            if carrier is not end.carrier:
                end.carrier = carrier
                self.scheduler.call_soon(end.on_carrier)


class CableEnd:
    """`pyvtysh.host.segment.End` in this process."""

    def __init__(self, cable: Cable, on_carrier: Callable[[], None], on_packet: OnPacket) -> None:
        self.cable = cable
        self.on_carrier = on_carrier
        self.on_packet = on_packet
        self.carrier = self.up = False

    def set_up(self, up: bool) -> None:
        """This end was set up or down."""
        if up is not self.up:
            self.up = up
            self.cable.look()

    def send(self, data: bytes) -> None:
        """Give a packet to all ends that are up."""
        if not self.up or not self.cable.whole:
            return
        for other in self.cable.ends:
            if other is not self and other.up:
                self.cable.scheduler.call_soon(partial(other.on_packet, data))

    def close(self) -> None:
        """Pull the plug."""
        if self in self.cable.ends:
            self.cable.ends.remove(self)
            self.up = False
            self.cable.look()
