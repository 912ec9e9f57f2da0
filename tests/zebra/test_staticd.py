"""staticd: what it tells zebra, and when."""

from grammar.base.log import MemoryLog
from grammar.base.scheduler import FakeScheduler
from grammar.base.values import Address, Prefix
from grammar.node import CONFIG
from grammar.session import Session
from tests.zebra.stack import Stack, address, ethernet
from zebra.kernel.api import SetLink
from zebra.staticd.staticd import Staticd
from zebra.zapi.constants import BlackholeType, NexthopType, RouteFlag, RouteType
from zebra.zapi.link import PairLink
from zebra.zapi.messages import (
    Capabilities,
    Hello,
    InterfaceEvent,
    InterfaceRequest,
    InterfaceState,
    Message,
    Nexthop,
    NexthopRegister,
    NexthopUnregister,
    NexthopUpdate,
    NexthopWatch,
    Route,
    RouteAdd,
    RouteDelete,
    RouterIdAdd,
)

GATE = Address.parse("10.0.1.2")
FLAGS = RouteFlag.ALLOW_RECURSION | RouteFlag.RR_USE_DISTANCE


class Alone:
    """staticd with the test in zebra's place."""

    def __init__(self, *lines: str) -> None:
        self.scheduler = FakeScheduler()
        self.log = MemoryLog()
        self.staticd = Staticd(self.scheduler, self.scheduler.clock, self.log)
        self.heard: list[Message] = []
        self.session = Session(self.staticd, CONFIG)
        self.type(*lines)
        self.attach()

    def attach(self) -> None:
        client, self.zebra = PairLink.make(self.scheduler.call_soon)
        self.zebra.on_message = lambda message, vrf: self.heard.append(message)
        self.zebra.on_close = lambda: None
        self.zebra.on_writable = lambda: None
        self.staticd.attach_zebra(client)
        self.scheduler.settle()

    def type(self, *lines: str) -> list[Message]:
        self.heard.clear()
        for line in lines:
            assert self.session.execute(line).status == 0
        self.scheduler.settle()
        return list(self.heard)

    def tell(self, message: Message) -> list[Message]:
        self.heard.clear()
        self.zebra.send(message)
        self.scheduler.settle()
        return list(self.heard)


def reachable(gate: Address = GATE) -> NexthopUpdate:
    prefix = Prefix.parse("10.0.1.0/24")
    return NexthopUpdate(
        gate.host_prefix(), prefix, RouteType.CONNECTED, nexthops=(Nexthop.dev(2),)
    )


def unreachable(gate: Address = GATE) -> NexthopUpdate:
    return NexthopUpdate(gate.host_prefix(), Prefix(gate.afi, 0, 0))


def added(prefix: str, *nexthops: Nexthop, distance: int = 1, **more: object) -> RouteAdd:
    route = Route(RouteType.STATIC, Prefix.parse(prefix), nexthops, distance, flags=FLAGS, **more)  # type: ignore[arg-type]
    return RouteAdd(route)


def link(event: InterfaceEvent, flags: int) -> InterfaceState:
    return InterfaceState(event, "e1", 2, flags=flags)


def test_first_messages_are_those_of_the_real_staticd() -> None:
    alone = Alone()
    assert alone.heard == [
        Hello(RouteType.STATIC, notify=True),
        InterfaceRequest(),
        RouterIdAdd(),
        InterfaceRequest(),
    ]


def test_gateway_is_tracked_first() -> None:
    alone = Alone()
    watch = NexthopWatch(GATE.host_prefix())
    assert alone.type("ip route 10.9.0.0/16 10.0.1.2 tag 7 30") == [NexthopRegister((watch,))]
    told = added("10.9.0.0/16", Nexthop.via(GATE), distance=30, tag=7)
    assert alone.tell(reachable()) == [told]
    assert alone.tell(reachable()) == [told]  # as FRR does
    (gone,) = alone.tell(unreachable())
    assert isinstance(gone, RouteDelete)
    assert (gone.route.distance, gone.route.nexthops) == (30, ())
    alone.tell(reachable())
    heard = alone.type("no ip route 10.9.0.0/16 10.0.1.2")
    assert {type(message) for message in heard} == {RouteDelete, NexthopUnregister}


def test_labels_go_to_zebra_where_there_is_mpls() -> None:
    alone = Alone()
    line = "ip route 10.9.0.0/16 10.0.1.2 label 100/200"
    refused = alone.session.execute(line)
    assert "MPLS not turned on" in "".join(refused.output)
    alone.tell(Capabilities(mpls=True))
    alone.type(line)
    told = added("10.9.0.0/16", Nexthop.via(GATE, labels=(100, 200)))
    assert alone.tell(reachable()) == [told]
    assert line in alone.session.config_lines()
    heard = alone.type("ip route 10.9.0.0/16 10.0.1.2")
    assert heard == [added("10.9.0.0/16", Nexthop.via(GATE))]


def test_two_next_hops_are_one_route() -> None:
    alone = Alone()
    other = Address.parse("10.0.1.3")
    alone.type("ip route 10.9.0.0/16 10.0.1.3", "ip route 10.9.0.0/16 10.0.1.2")
    alone.tell(reachable())
    both = added("10.9.0.0/16", Nexthop.via(GATE), Nexthop.via(other))
    assert alone.tell(reachable(other)) == [both]


def test_blackholes_are_sent_at_once() -> None:
    alone = Alone()
    for words, kind in (
        ("blackhole", BlackholeType.NULL),
        ("Null0", BlackholeType.NULL),
        ("reject", BlackholeType.REJECT),
    ):
        heard = alone.type(f"ip route 10.9.0.0/16 {words}")
        if words != "Null0":  # for zebra the same as blackhole
            assert heard == [added("10.9.0.0/16", Nexthop.drop(kind))]


def test_by_interface_when_it_runs() -> None:
    alone = Alone("ip route 10.9.0.0/16 e1", "ip route 10.8.0.0/16 192.0.2.1 e1 onlink")
    onlink = Nexthop(NexthopType.IPV4_IFINDEX, Address.parse("192.0.2.1"), 2, onlink=True)
    assert alone.tell(link(InterfaceEvent.ADD, 0x41)) == [added("10.9.0.0/16", Nexthop.dev(2))]
    # It waits for zebra's word on the gateway, whatever that says.
    heard = alone.tell(unreachable(Address.parse("192.0.2.1")))
    assert heard == [added("10.8.0.0/16", onlink)]
    assert {type(m) for m in alone.tell(link(InterfaceEvent.DOWN, 0x1))} == {RouteDelete}
    assert len(alone.tell(link(InterfaceEvent.UP, 0x41))) == 2
    assert {type(m) for m in alone.tell(link(InterfaceEvent.DELETE, 0x41))} == {RouteDelete}


def test_everything_again_on_a_new_link() -> None:
    alone = Alone("ip route 10.9.0.0/16 blackhole")
    first = list(alone.heard)
    alone.zebra.close()
    alone.scheduler.settle()
    alone.heard.clear()
    alone.attach()
    assert alone.heard == first


def test_distances_side_by_side() -> None:
    stack = Stack([ethernet(2, "e1")], [address(2, "10.0.1.1/24")])
    stack.static("ip route 10.9.0.0/16 10.0.1.2 5", "ip route 10.9.0.0/16 10.0.1.3 10")
    assert stack.routes()[1:] == [
        "S   10.9.0.0/16 [10/0] via 10.0.1.3, e1, weight 1",
        "S>* 10.9.0.0/16 [5/0] via 10.0.1.2, e1, weight 1",
    ]
    stack.static("no ip route 10.9.0.0/16 10.0.1.2 5")
    assert stack.routes()[1:] == ["S>* 10.9.0.0/16 [10/0] via 10.0.1.3, e1, weight 1"]


def test_link_down_and_up() -> None:
    stack = Stack([ethernet(2, "e1")], [address(2, "10.0.1.1/24")])
    stack.static("ip route 10.9.0.0/16 10.0.1.2", "ip route 10.8.0.0/16 e1")
    before = stack.routes()
    assert len(before) == 3
    stack.kernel.change(SetLink(2, False))
    stack.settle()
    assert stack.routes() == []
    stack.kernel.change(SetLink(2, True))
    stack.settle()
    assert stack.routes() == before


def test_order_of_the_printed_lines() -> None:
    alone = Alone()
    lines = [
        "ip route 10.60.9.0/24 10.0.1.2",
        "ip route 10.60.10.0/24 10.0.1.2",
        "ip route 10.60.77.0/24 10.0.1.2 300",
        "ip route 10.60.15.1/32 10.0.1.2",
        "ipv6 route ::/0 2001:db8:1::2",
    ]
    alone.type("ipv6 route ::/0 2001:db8:1::2", *reversed(lines))
    printed = [line for line in alone.session.config_lines() if " route " in line]
    assert printed == lines


def test_a_line_in_place_of_another_leaves_no_gap() -> None:
    """What zebra has stays until it is known whether the new next hop resolves."""
    alone = Alone("ip route 10.9.0.0/16 10.0.1.2")
    alone.tell(reachable())
    other = Address.parse("10.0.1.3")
    heard = alone.type("ip route 10.9.0.0/16 10.0.1.3", "no ip route 10.9.0.0/16 10.0.1.2")
    assert not [one for one in heard if isinstance(one, RouteAdd | RouteDelete)]
    assert alone.tell(reachable(other)) == [added("10.9.0.0/16", Nexthop.via(other))]
    heard = alone.type("ip route 10.9.0.0/16 10.0.1.2", "no ip route 10.9.0.0/16 10.0.1.3")
    assert not [one for one in heard if isinstance(one, RouteAdd | RouteDelete)]
    assert [type(one) for one in alone.tell(unreachable())] == [RouteDelete]
    alone.tell(reachable())
    heard = alone.type("ip route 10.9.0.0/16 10.0.1.3", "no ip route 10.9.0.0/16 10.0.1.2")
    heard = alone.type("no ip route 10.9.0.0/16 10.0.1.3")
    assert RouteDelete in map(type, heard)
