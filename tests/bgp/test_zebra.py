from bgp.config import IPV4_UNICAST, IPV6_UNICAST, BgpConfig, PeerConfig, Redistribute
from bgp.effects import Effect
from bgp.familyconfig import IPV4_LABELED
from bgp.fsm import State
from bgp.reasons import DownReason
from grammar.base.log import MemoryLog
from grammar.base.values import Address, Prefix
from grammar.node import CONFIG
from grammar.session import Session
from tests.bgp.network import Network, neighbor, react
from tests.bgp.routers import instance, originate, peer, routes
from tests.bgp.zserv import IFINDEX, Zserv, attach
from zebra.zapi.messages import (
    ClientCapabilities,
    Hello,
    InterfaceAddress,
    InterfaceEvent,
    InterfaceState,
    Nexthop,
    NexthopRegister,
    NexthopUnregister,
    NexthopWatch,
    NotifyNote,
    RedistributeAdd,
    RedistributeDelete,
    RouteAdd,
    RouteDelete,
    RouteFlag,
    RouteNotifyOwner,
    RouterIdAdd,
    RouteType,
    VrfAdd,
    VrfDelete,
)


class Lab:
    """A router with a zebra, and a neighbor 10.0.0.2 that needs none."""

    def __init__(self, asn: int = 65002, **lines: object) -> None:
        self.network = Network()
        self.one = self.network.router("10.0.0.1", 65001, zebra=True)
        self.two = self.network.router("10.0.0.2", asn)
        self.lines = neighbor(self.one, "10.0.0.2", asn, **lines)
        neighbor(self.two, "10.0.0.1", 65001)
        self.zserv: Zserv | None = None

    def zebra(self, *addresses: str) -> Zserv:
        self.zserv = attach(self.one, *(addresses or ("10.0.0.1/24",)))
        return self.zserv

    def start(self, seconds: float = 5) -> "Lab":
        self.one.start()
        self.two.start()
        self.network.advance(seconds)
        return self


def test_the_greeting_is_frrs() -> None:
    lab = Lab()
    zserv = lab.zebra()
    lab.start()
    kinds = [type(message).__name__ for message in zserv.sent[:5]]
    assert kinds == [
        "Hello",
        "InterfaceRequest",
        "DuplicateAddrDetection",
        "RouterIdAdd",
        "InterfaceRequest",
    ]
    assert zserv.of(Hello) == [Hello(RouteType.BGP)]
    watch = NexthopWatch(Prefix.parse("10.0.0.2/32"), connected=True)
    assert NexthopRegister((watch,)) in zserv.sent


def test_no_connection_before_zebra_knows_the_way() -> None:
    lab = Lab()
    lab.two.config.instances[None].peers[Address.parse("10.0.0.1")].passive = True
    lab.start(10)
    assert peer(lab.one, "10.0.0.2").state.reset_reason is DownReason.WAITING_NHT
    assert not lab.network.transports[Address.parse("10.0.0.1")].dialled
    lab.zebra()
    lab.network.advance(0)
    assert peer(lab.one, "10.0.0.2").status is State.ESTABLISHED


def test_a_single_hop_neighbor_needs_a_connected_route() -> None:
    lab = Lab()
    zserv = lab.zebra("192.168.9.1/24")
    zserv.route("10.0.0.0/24", RouteType.STATIC, "192.168.9.2")
    lab.two.config.instances[None].peers.clear()
    lab.start(10)
    assert peer(lab.one, "10.0.0.2").status is State.ACTIVE
    lab.lines.ebgp_multihop = 5
    react(lab.one, Effect.RESET, lab.lines)
    lab.network.advance(10)
    assert lab.network.transports[Address.parse("10.0.0.1")].dialled[0].ttl == 5


def test_routes_are_given_as_frr_gives_them() -> None:
    lab = Lab()
    zserv = lab.zebra()
    originate(lab.two, "172.19.0.0/32")
    lab.start()
    prefix = Prefix.parse("172.19.0.0/32")
    route = zserv.fib[prefix].route
    assert (route.distance, route.metric, route.flags) == (20, 0, RouteFlag.NONE)
    assert route.nexthops == (Nexthop.via(Address.parse("10.0.0.2")),)
    assert len(zserv.of(RouteAdd)) == 1
    assert zserv.of(ClientCapabilities)
    lab.two.stop()
    lab.network.advance(0)
    assert prefix not in zserv.fib
    assert len(zserv.of(RouteDelete)) == 1


def test_internal_routes_recurse_at_distance_200() -> None:
    lab = Lab(65001)
    zserv = lab.zebra()
    originate(lab.two, "172.19.0.0/32")
    lab.start()
    route = zserv.fib[Prefix.parse("172.19.0.0/32")].route
    assert route.distance == 200
    assert route.flags == RouteFlag.ALLOW_RECURSION | RouteFlag.IBGP
    watch = NexthopWatch(Prefix.parse("10.0.0.2/32"), connected=False)
    assert NexthopRegister((watch,)) in zserv.sent


def test_a_next_hop_that_fails_takes_its_routes_along() -> None:
    lab = Lab(65001)
    zserv = lab.zebra()
    originate(lab.two, "172.19.0.0/32")
    lab.start()
    zserv.lose("10.0.0.0/24")
    lab.network.advance(0)
    assert routes(lab.one) == {}
    assert zserv.fib == {}
    zserv.route("10.0.0.0/24", RouteType.STATIC, "10.0.0.9", metric=7)
    lab.network.advance(0)
    best = routes(lab.one)["172.19.0.0/32"]
    assert best.nexthop is not None
    assert best.nexthop.metric == 7
    assert Prefix.parse("172.19.0.0/32") in zserv.fib


def test_networks_need_the_very_route() -> None:
    lab = Lab()
    zserv = lab.zebra()
    originate(lab.one, "10.50.0.0/16", "10.0.0.0/24")
    lab.start()
    assert set(routes(lab.one)) == {"10.0.0.0/24"}
    zserv.route("10.48.0.0/12", RouteType.STATIC)
    lab.network.advance(0)
    assert set(routes(lab.one)) == {"10.0.0.0/24"}
    zserv.route("10.50.0.0/16", RouteType.STATIC, metric=3)
    lab.network.advance(0)
    # The metric of the route is the path's own, and not told to neighbours (FRR).
    assert routes(lab.one)["10.50.0.0/16"].metric == 3
    assert routes(lab.one)["10.50.0.0/16"].attrs.med == 0
    zserv.lose("10.50.0.0/16")
    lab.network.advance(0)
    assert set(routes(lab.one)) == {"10.0.0.0/24"}
    config = lab.one.config.instances[None]
    config.network_import_check = False
    react(lab.one, Effect.ORIGINATE, config)
    lab.network.advance(0)
    assert set(routes(lab.one)) == {"10.0.0.0/24", "10.50.0.0/16"}


def test_own_routes_are_not_given_to_zebra() -> None:
    lab = Lab()
    zserv = lab.zebra()
    originate(lab.one, "10.0.0.0/24")
    lab.start()
    assert not zserv.of(RouteAdd)


def test_redistribution_is_asked_for_and_ended() -> None:
    lab = Lab()
    zserv = lab.zebra()
    family = lab.one.config.instances[None].family(IPV4_UNICAST)
    family.redistribute["connected"] = Redistribute()
    lab.start()
    assert len(zserv.of(RedistributeAdd)) == 1
    family.redistribute.clear()
    react(lab.one, Effect.ORIGINATE, family)
    assert len(zserv.of(RedistributeDelete)) == 1


def test_an_interface_that_goes_down_ends_the_session_at_once() -> None:
    lab = Lab()
    zserv = lab.zebra()
    lab.start()
    assert peer(lab.one, "10.0.0.2").ifindex == IFINDEX
    zserv.later(InterfaceState(InterfaceEvent.DOWN, "eth0", IFINDEX, flags=0x1003))
    lab.network.advance(0)
    state = peer(lab.one, "10.0.0.2").state
    assert state.dropped == 1
    assert state.reset_reason is DownReason.INTERFACE_DOWN


def test_an_own_address_that_comes_is_the_next_hop_instead_of_the_mapped_one() -> None:
    lab = Lab()
    zserv = lab.zebra("10.0.0.1/24")
    lab.lines.family(IPV6_UNICAST).activate = True
    back = lab.two.config.instances[None].peers[Address.parse("10.0.0.1")]
    back.family(IPV6_UNICAST).activate = True
    zserv.route("2001:db8:1::/48", RouteType.STATIC)
    originate(lab.one, "2001:db8:1::/48", family=IPV6_UNICAST)
    lab.start()
    assert peer(lab.one, "10.0.0.2").status is State.ESTABLISHED
    # FRR gives the IPv4 address in IPv6's form too.
    assert str(routes(lab.two, IPV6_UNICAST)["2001:db8:1::/48"].gateway) == "::ffff:a00:1"
    own = Prefix.parse("2001:db8::1/64", with_host=True)
    zserv.later(InterfaceAddress(True, IFINDEX, own))
    lab.network.advance(0)
    assert str(routes(lab.two, IPV6_UNICAST)["2001:db8:1::/48"].gateway) == "2001:db8::1"


def test_the_router_id_comes_from_zebra_unless_configured() -> None:
    lab = Lab()
    lab.one.config.instances[None].router_id = None
    lab.zebra("10.0.0.1/24")
    lab.start()
    assert str(instance(lab.one).router_id) == "10.0.0.1"
    assert peer(lab.one, "10.0.0.2").status is State.ESTABLISHED
    dropped = peer(lab.one, "10.0.0.2").state.dropped
    lab.one.config.instances[None].router_id = Address.parse("9.9.9.9")
    react(lab.one, Effect.ROUTER_ID, lab.one.config.instances[None])
    lab.network.advance(10)
    assert peer(lab.one, "10.0.0.2").state.dropped == dropped + 1
    assert str(peer(lab.two, "10.0.0.1").state.identity.router_id) == "9.9.9.9"


def test_a_new_zebra_is_told_everything() -> None:
    lab = Lab()
    first = lab.zebra()
    originate(lab.two, "172.19.0.0/32", "172.19.0.100/32")
    originate(lab.one, "10.0.0.0/24")
    lab.start()
    first.on_close()
    lab.network.advance(1)
    assert len(routes(lab.one)) == 3
    second = lab.zebra()
    lab.network.advance(0)
    assert set(second.fib) == set(first.fib) != set()
    assert second.of(RouterIdAdd)
    asked = {watch.prefix for m in second.of(NexthopRegister) for watch in m.watches}  # type: ignore[attr-defined]
    assert asked == {Prefix.parse("10.0.0.2/32"), Prefix.parse("10.0.0.0/24")}
    assert peer(lab.one, "10.0.0.2").state.dropped == 0


def test_a_congested_link_holds_routes_back() -> None:
    lab = Lab()
    zserv = lab.zebra()
    lab.start()
    zserv.congested = True
    originate(lab.two, "172.19.0.0/32")
    lab.network.advance(1)
    assert zserv.fib == {}
    zserv.congested = False
    zserv.on_writable()
    lab.network.advance(0)
    assert Prefix.parse("172.19.0.0/32") in zserv.fib


def test_what_waits_to_be_taken_back_is_taken_back_though_all_is_told_anew() -> None:
    lab = Lab()
    zserv = lab.zebra()
    originate(lab.two, "172.19.0.0/32", "172.19.0.1/32")
    lab.start()
    zserv.congested = True
    lines = lab.two.config.instances[None].family(IPV4_UNICAST)
    del lines.networks[Prefix.parse("172.19.0.0/32")]
    react(lab.two, Effect.ORIGINATE, lines)
    lab.network.advance(1)
    react(lab.one, Effect.DISTANCE, lab.one.config.instances[None])
    zserv.congested = False
    zserv.on_writable()
    lab.network.advance(0)
    assert set(zserv.fib) == {Prefix.parse("172.19.0.1/32")}


def test_routes_are_taken_back_from_the_table_that_a_map_named() -> None:
    lab = Lab()
    lab.lines.family(IPV4_UNICAST).route_map_in = "OTHER-TABLE"
    zserv = lab.zebra()
    session = Session(lab.one, CONFIG)
    session.execute("route-map OTHER-TABLE permit 10")
    session.execute("set table 77")
    originate(lab.two, "172.19.0.0/32")
    lab.start()
    assert [route.table for route in (add.route for add in zserv.of(RouteAdd))] == [77]
    session.execute("bgp no-rib")
    lab.network.advance(0)
    assert [gone.route.table for gone in zserv.of(RouteDelete)] == [77]


def test_neighbours_with_labels_hear_of_routes_when_the_kernel_has_them() -> None:
    lab = Lab()
    lab.one.config.instances[None].suppress_fib_pending = True
    three = lab.network.router("10.0.0.3", 65003)
    lines = neighbor(lab.one, "10.0.0.3", 65003), neighbor(three, "10.0.0.1", 65001)
    for each in lines:
        each.family(IPV4_UNICAST).activate = False
        each.family(IPV4_LABELED).activate = True
    zserv = lab.zebra()
    originate(lab.two, "172.19.0.0/32")
    lab.start()
    three.start()
    lab.network.advance(5)
    assert peer(lab.one, "10.0.0.3").status is State.ESTABLISHED
    assert not routes(three)
    prefix = Prefix.parse("172.19.0.0/32")
    zserv.on_message(RouteNotifyOwner(NotifyNote.INSTALLED, prefix), 0)
    lab.network.advance(1)
    assert set(routes(three)) == {"172.19.0.0/32"}


def test_update_delay_ends_with_its_instance() -> None:
    lab = Lab()
    lab.one.config.instances[None].update_delay = 30
    neighbor(lab.one, "10.0.0.9", 65009)  # it is waited for
    lab.zebra()
    lab.start()
    assert isinstance(lab.one.log, MemoryLog)
    assert instance(lab.one).readonly.active
    instance(lab.one).stop(None, DownReason.NEIGHBOR_DELETED)
    lab.network.advance(60)
    assert "Update delay ended" not in lab.one.log.text


def test_passwords_of_a_vrf_hold_where_it_listens() -> None:
    lab = Lab()
    red = lab.one.config.instances["red"] = BgpConfig(65001, vrf="red")
    near, range_ = Address.parse("10.0.0.7"), Prefix.parse("10.7.0.0/24")
    red.peers[near] = PeerConfig(near, 65007, password="one")
    red.groups["G"] = PeerConfig("G", 65008, password="two")
    red.listen_ranges[range_] = "G"
    zserv = lab.zebra()
    lab.start()
    default = lab.network.transports[Address.parse("10.0.0.1")]
    assert default.passwords == {}
    for _ in range(2):
        zserv.on_message(VrfAdd("red", 100), 9)
        assert default.of_vrfs["red"].passwords == {near: "one", range_: "two"}
        zserv.on_message(VrfDelete("red"), 9)
    react(lab.one, Effect.RESET, red.peers[near])
    assert default.passwords == {}


def test_passwords_end_with_their_instance() -> None:
    lab = Lab(password="one")
    config = lab.one.config.instances[None]
    config.groups["G"] = PeerConfig("G", 65008, password="two")
    config.listen_ranges[Prefix.parse("10.7.0.0/24")] = "G"
    lab.zebra()
    lab.start()
    default = lab.network.transports[Address.parse("10.0.0.1")]
    assert len(default.passwords) == 2
    instance(lab.one).stop(None, DownReason.NEIGHBOR_DELETED)
    assert default.passwords == {}


def test_next_hops_nobody_uses_are_released() -> None:
    lab = Lab()
    zserv = lab.zebra()
    originate(lab.two, "172.19.0.0/32")
    lab.start()
    assert len(instance(lab.one).nexthops.sorted()) == 1
    del lab.one.config.instances[None].peers[lab.lines.name]
    react(lab.one, Effect.PEERS, lab.one.config.instances[None])
    lab.network.advance(1)
    assert instance(lab.one).nexthops.sorted() == []
    assert zserv.of(NexthopUnregister)


def test_third_party_next_hops_stay_on_a_shared_network() -> None:
    network = Network()
    hub = network.router("10.0.0.1", 65001, zebra=True)
    spokes = [network.router(f"10.0.0.{n}", 65000 + n) for n in (2, 3)]
    for spoke in spokes:
        here = spoke.config.instances[None]
        neighbor(hub, str(here.router_id), here.asn)
        neighbor(spoke, "10.0.0.1", 65001)
    attach(hub, "10.0.0.1/24")
    originate(spokes[0], "172.19.0.0/32")
    for router in (hub, *spokes):
        router.start()
    network.advance(5)
    assert str(routes(spokes[1])["172.19.0.0/32"].gateway) == "10.0.0.2"
