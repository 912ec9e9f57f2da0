"""Our netlink bytes against pyroute2's own encoder, and what was encoded read back."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyroute2.netlink.rtnl.ifaddrmsg import ifaddrmsg
from pyroute2.netlink.rtnl.ndmsg import ndmsg
from pyroute2.netlink.rtnl.rtmsg import rtmsg

from grammar.base.values import IP, Address, Afi, Prefix
from tests.zebra.zapi_values import addresses, prefixes
from zebra.kernel.api import (
    AddAddress,
    InstallNexthop,
    InstallRoute,
    KernelNexthop,
    KernelRoute,
    LinkAddress,
    NexthopObject,
    RemoveRoute,
    RouteKind,
    Scope,
    SetNeighbor,
)
from zebra.kernel.decode import decode_host, decode_nexthop, decode_route, messages
from zebra.kernel.encode import FAMILY, HEADER, asking_for_ack, encode, encode_batch
from zebra.kernel.forms import RouteForm
from zebra.kernel.neighbors import FdbAdded, FdbEntry, FdbGone, SetFdb

ONLINK = 4
PUT = 0x1 | 0x4 | 0x100 | 0x400
ASK = 0x1 | 0x4
DROPPING = RouteKind.BLACKHOLE, RouteKind.UNREACHABLE, RouteKind.PROHIBIT

u31 = st.integers(1, 0x7FFFFFFF)
weights = st.integers(1, 256)


@st.composite
def ways(draw: st.DrawFn, afi: Afi, several: bool) -> KernelNexthop:
    gate = draw(addresses(afi) if several else st.none() | addresses(afi))
    weight = draw(weights) if several else 1
    labels = draw(st.lists(st.integers(0, (1 << 20) - 1), max_size=3))
    return KernelNexthop(gate, draw(u31), weight, draw(st.booleans()), tuple(labels))


@st.composite
def routes(draw: st.DrawFn) -> KernelRoute:
    prefix = draw(prefixes())
    afi = prefix.afi
    kind = draw(st.sampled_from((RouteKind.UNICAST,) * 3 + DROPPING))
    nhid = draw(st.just(0) | u31) if kind is RouteKind.UNICAST else 0
    hops: tuple[KernelNexthop, ...] = ()
    if kind is RouteKind.UNICAST and not nhid:
        one = ways(afi, several=False).map(lambda way: (way,))
        hops = draw(one | st.lists(ways(afi, several=True), min_size=2, max_size=4).map(tuple))
    return KernelRoute(
        prefix,
        hops,
        table=draw(st.integers(1, 255) | st.integers(256, 0x7FFFFFFF)),
        protocol=draw(st.integers(1, 255)),
        metric=draw(st.just(0) | st.just(20) | u31),
        type=kind,
        prefsrc=draw(st.none() | addresses(afi)),
        nhid=nhid,
        mtu=draw(st.just(0) | st.integers(68, 65535)),
        scope=draw(st.sampled_from((0, 200, 253))),
        tos=draw(st.integers(0, 255)),
        source=draw(st.none() | prefixes(afi)),
    )


# --- the same by pyroute2 ------------------------------------------------------------------------


class RouteMessage(rtmsg):  # type: ignore[misc]
    """pyroute2's route with the attribute that its table stops short of."""

    nla_map = (
        *rtmsg.nla_map,
        *((f"RTA_{number}", "hex") for number in range(len(rtmsg.nla_map), 30)),
        ("RTA_NH_ID", "uint32"),
    )


def way_attributes(way: KernelNexthop) -> Iterator[tuple[str, object]]:
    if way.gate is not None:
        yield "RTA_GATEWAY", str(way.gate)
    if way.labels:
        last = len(way.labels) - 1
        stack = [
            {"label": label, "tc": 0, "bos": int(at == last), "ttl": 0}
            for at, label in enumerate(way.labels)
        ]
        yield "RTA_ENCAP_TYPE", 1
        yield "RTA_ENCAP", {"attrs": [["MPLS_IPTUNNEL_DST", stack]]}


def route_attributes(route: KernelRoute, remove: bool) -> Iterator[tuple[str, object]]:
    yield "RTA_DST", str(route.prefix.address)
    if route.source is not None:
        yield "RTA_SRC", str(route.source.address)
    if route.metric:
        yield "RTA_PRIORITY", route.metric
    if route.table > 255:
        yield "RTA_TABLE", route.table
    if remove:
        return
    if route.prefsrc is not None:
        yield "RTA_PREFSRC", str(route.prefsrc)
    if route.mtu:
        yield "RTA_METRICS", {"attrs": [["RTAX_MTU", route.mtu]]}
    if route.nhid:
        yield "RTA_NH_ID", route.nhid
    elif len(route.nexthops) == 1:
        yield from way_attributes(route.nexthops[0])
        yield "RTA_OIF", route.nexthops[0].ifindex
    elif route.nexthops:
        yield (
            "RTA_MULTIPATH",
            [
                {
                    "flags": ONLINK if way.onlink else 0,
                    "hops": way.weight - 1,
                    "oif": way.ifindex,
                    "attrs": [list(each) for each in way_attributes(way)],
                }
                for way in route.nexthops
            ],
        )


def by_pyroute2(route: KernelRoute, remove: bool, sequence: int) -> bytes:
    message = RouteMessage()
    single = route.nexthops[0] if len(route.nexthops) == 1 and not route.nhid else None
    message["family"] = FAMILY[route.afi]
    message["dst_len"] = route.prefix.length
    message["src_len"] = route.source.length if route.source is not None else 0
    message["tos"] = route.tos
    message["table"] = route.table if route.table < 256 else 0
    message["proto"] = route.protocol
    message["scope"] = Scope.NOWHERE if remove else route.scope
    message["type"] = 0 if remove else route.type
    message["flags"] = ONLINK if not remove and single is not None and single.onlink else 0
    message["attrs"] = [list(each) for each in route_attributes(route, remove)]
    message["header"]["type"] = 25 if remove else 24
    message["header"]["flags"] = ASK if remove else PUT
    message["header"]["sequence_number"] = sequence
    message["header"]["pid"] = 0
    message.encode()
    return bytes(message.data)


@settings(max_examples=200, deadline=None)
@given(routes(), st.booleans(), u31)
def test_routes_are_the_bytes_that_pyroute2_writes(
    route: KernelRoute, remove: bool, sequence: int
) -> None:
    change = RemoveRoute(route) if remove else InstallRoute(route)
    assert encode(change, sequence).hex(" ", 4) == by_pyroute2(route, remove, sequence).hex(" ", 4)


def test_addresses_are_the_bytes_that_pyroute2_writes() -> None:
    address = LinkAddress(
        7,
        Prefix.parse("192.0.2.1/24", with_host=True),
        peer=Address.parse("198.51.100.1"),
        broadcast=Address.parse("192.0.2.255"),
        label="eth0:1",
    )
    message = ifaddrmsg()
    message["family"], message["prefixlen"], message["index"] = 2, 24, 7
    message["flags"], message["scope"] = 0x80, 0
    message["attrs"] = [
        ["IFA_LOCAL", "192.0.2.1"],
        ["IFA_ADDRESS", "198.51.100.1"],
        ["IFA_BROADCAST", "192.0.2.255"],
        ["IFA_LABEL", "eth0:1"],
    ]
    message["header"]["type"] = 20
    message["header"]["flags"] = ASK | 0x400 | 0x200
    message["header"]["sequence_number"] = 5
    message["header"]["pid"] = 0
    message.encode()
    assert encode(AddAddress(address), 5) == bytes(message.data)


def test_neighbors_are_the_bytes_that_pyroute2_writes() -> None:
    address = Address.parse("169.254.0.1")
    for link_address in (bytes.fromhex("0200000000ab"), None):
        message = ndmsg()
        message["family"], message["ifindex"], message["state"] = 2, 7, 0x80
        message["attrs"] = [["NDA_DST", "169.254.0.1"], ["NDA_PROTOCOL", 11]]
        if link_address is not None:
            message["attrs"].append(["NDA_LLADDR", "02:00:00:00:00:ab"])
        message["header"]["type"] = 28 if link_address else 29
        message["header"]["flags"] = PUT if link_address else ASK
        message["header"]["sequence_number"] = 5
        message["header"]["pid"] = 0
        message.encode()
        assert encode(SetNeighbor(7, address, link_address), 5) == bytes(message.data)


@pytest.mark.parametrize("mac", [None, bytes.fromhex("0200000000ab")])
@pytest.mark.parametrize("present", [True, False])
def test_hosts_of_other_routers_are_the_bytes_that_pyroute2_writes(
    mac: bytes | None, present: bool
) -> None:
    vtep = Address.parse("10.0.0.2")
    message = ndmsg()
    message["family"], message["ifindex"] = 7, 4
    message["state"], message["flags"] = (0xC0, 0x02) if mac is None else (0x02, 0x16)
    text = (mac or bytes(6)).hex(":")
    message["attrs"] = [["NDA_LLADDR", text], ["NDA_DST", "10.0.0.2"]]
    message["header"]["type"] = 28 if present else 29
    added = 0x805 if mac is None else 0x105  # appended, or put in the place of the former one
    message["header"]["flags"] = (added | 0x400) if present else ASK
    message["header"]["sequence_number"] = 5
    message["header"]["pid"] = 0
    message.encode()
    data = encode(SetFdb(4, mac, vtep, present), 5)
    assert data == bytes(message.data)
    entry = FdbEntry(4, mac or bytes(6), vtep, permanent=mac is None, learned=mac is not None)
    told = FdbAdded(entry) if present else FdbGone(entry)
    assert decode_host(data[16:], present) == told


# --- and back ------------------------------------------------------------------------------------


def body(data: bytes) -> bytes:
    (message,) = messages(data)
    return message.body


@given(routes())
def test_routes_come_back(route: KernelRoute) -> None:
    read = decode_route(body(encode(InstallRoute(route), 1)))
    if route.source is not None and not route.source.length:
        route = replace(route, source=None)
    assert read == route


def test_labels_of_next_hop_objects_are_marked_as_nested() -> None:
    """Linux takes them from routes without the mark, too, and refuses objects without it."""
    way = KernelNexthop(Address.parse("10.0.0.9"), 3, labels=(100, 200))
    message = encode(InstallNexthop(NexthopObject(7, Afi.IPV4, way)), 1)
    mpls, stack = bytes.fromhex("0600070001000000"), bytes.fromhex("0c0001000006400000 0c8100")
    assert message.endswith(mpls + bytes.fromhex("10000880") + stack)


@given(st.data())
def test_next_hop_objects_come_back(data: st.DataObject) -> None:
    number = data.draw(u31)
    afi = data.draw(st.sampled_from(IP))
    nexthop = data.draw(
        st.builds(NexthopObject, st.just(number), st.just(afi), ways(afi, several=False))
        | st.just(NexthopObject(number, afi, blackhole=True))
        | st.lists(st.tuples(u31, weights), min_size=1, max_size=5).map(
            lambda group: NexthopObject(number, group=tuple(group))
        )
    )
    assert decode_nexthop(body(encode(InstallNexthop(nexthop), 1))) == nexthop


def test_ipv4_over_an_ipv6_gateway_comes_back() -> None:
    way = KernelNexthop(Address.parse("fe80::1"), 3)
    several = (way, KernelNexthop(Address.parse("fe80::2"), 4, 7))
    for hops in ((way,), several):
        route = KernelRoute(Prefix.parse("10.0.0.0/8"), hops)
        assert decode_route(body(encode(InstallRoute(route), 1))) == route


@given(st.binary(max_size=200))
def test_any_bytes_can_be_read(data: bytes) -> None:
    decode_route(data)
    decode_nexthop(data)
    assert sum(len(message.body) for message in messages(data)) <= len(data)


@given(routes(), st.data())
def test_damaged_routes_can_be_read(route: KernelRoute, data: st.DataObject) -> None:
    damaged = bytearray(body(encode(InstallRoute(route), 1)))
    at = data.draw(st.integers(0, len(damaged) - 1))
    damaged[at] = data.draw(st.integers(0, 255))
    decode_route(bytes(damaged[: data.draw(st.integers(0, len(damaged)))]))


# --- batches -------------------------------------------------------------------------------------


def test_a_batch_is_numbered_and_whole() -> None:
    changes = [
        InstallRoute(KernelRoute(Prefix.parse(f"10.{at}.0.0/16"), nhid=6, metric=20))
        for at in range(5)
    ]
    read = list(messages(b"".join(encode_batch(changes, 100))))
    assert [message.sequence for message in read] == [100, 101, 102, 103, 104]
    assert [decode_route(message.body) for message in read] == [each.route for each in changes]


@pytest.mark.parametrize("remove", [False, True])
@pytest.mark.parametrize("table", [254, 1000])
@pytest.mark.parametrize(
    "prefixes", [("10.0.0.0/8", "10.1.0.0/16", "11.0.0.0/8"), ("2001:db8::/32", "2001:db9::/32")]
)
def test_routes_of_a_form_are_those_in_full_without_asking_for_acks(
    prefixes: tuple[str, ...], table: int, remove: bool
) -> None:
    parsed = [Prefix.parse(text) for text in prefixes]
    form = RouteForm(KernelRoute(parsed[0], nhid=6, metric=20, table=table))
    kind = RemoveRoute if remove else InstallRoute
    for number, prefix in enumerate(parsed):
        change = kind(None, form, prefix.key)
        whole = kind(KernelRoute(prefix, nhid=6, metric=20, table=table))
        assert change == whole
        (data,) = encode_batch([change], number)
        assert asking_for_ack(data) == encode(whole, number)
        assert data != encode(whole, number)


@pytest.mark.parametrize(
    "route",
    [
        KernelRoute(Prefix.parse("10.0.0.0/8")),
        KernelRoute(
            Prefix.parse("10.0.0.0/8"),
            (KernelNexthop(None, 1, 257), KernelNexthop(None, 2)),
        ),
        KernelRoute(Prefix.parse("10.0.0.0/8"), nhid=1 << 32),
    ],
)
def test_what_no_message_can_carry_is_a_value_error(route: KernelRoute) -> None:
    with pytest.raises(ValueError, match=r"next hop|weight|format"):
        encode(InstallRoute(route), 1)
    assert encode_batch([InstallRoute(route)] * 2, 1) == [b"", b""]


def test_the_header_tells_the_length() -> None:
    data = encode(InstallRoute(KernelRoute(Prefix.parse("10.0.0.0/8"), nhid=6)), 1)
    assert HEADER.unpack_from(data)[0] == len(data)
