"""Hypothesis strategies of ZAPI messages."""

from hypothesis import strategies as st

from grammar.base.values import IP, Address, Afi, Prefix, Safi, mask
from zebra.zapi import allotted, bfd, evpn
from zebra.zapi import messages as zapi

u8 = st.integers(0, 255)
u16 = st.integers(0, 0xFFFF)
u32 = st.integers(0, 0xFFFFFFFF)
afis = st.sampled_from(IP)
safis = st.sampled_from((Safi.UNICAST, Safi.MULTICAST))
route_types = st.sampled_from(zapi.RouteType)
names = st.text("abcdefghijklmnop0123456789-._äß", max_size=7)


@st.composite
def addresses(draw: st.DrawFn, afi: Afi | None = None) -> Address:
    family = draw(afis) if afi is None else afi
    return Address(family, draw(st.integers(0, (1 << family.bits) - 1)))


@st.composite
def prefixes(draw: st.DrawFn, afi: Afi | None = None, with_host: bool = False) -> Prefix:
    address = draw(addresses(afi))
    length = draw(st.integers(0, address.afi.bits))
    value = address.value if with_host else address.value & mask(address.afi, length)
    return Prefix(address.afi, value, length)


@st.composite
def nexthops(draw: st.DrawFn, colors: bool = False) -> zapi.Nexthop:
    kind = draw(st.sampled_from(zapi.NexthopType))
    gate, ifindex, blackhole = None, 0, zapi.BlackholeType.UNSPECIFIED
    if kind is zapi.NexthopType.BLACKHOLE:
        blackhole = draw(st.sampled_from(zapi.BlackholeType))
    else:
        ifindex = draw(u32)
        if kind is not zapi.NexthopType.IFINDEX:
            gate = draw(addresses(Afi.IPV4 if "IPV4" in kind.name else Afi.IPV6))
    return zapi.Nexthop(
        kind,
        gate,
        ifindex,
        draw(u32),
        draw(st.booleans()),
        blackhole,
        draw(u32),
        draw(st.lists(u32, max_size=3).map(tuple)),
        draw(st.sampled_from((b"", b"\2\0\0\0\0\1"))),
        draw(u32) if colors else 0,
        draw(st.lists(u8, max_size=3).map(tuple)),
    )


def hops(colors: bool = False) -> st.SearchStrategy[tuple[zapi.Nexthop, ...]]:
    return st.lists(nexthops(colors), max_size=4).map(tuple)


@st.composite
def routes(draw: st.DrawFn) -> zapi.Route:
    prefix = draw(prefixes())
    source = st.none() if prefix.afi is Afi.IPV4 else st.none() | prefixes(Afi.IPV6)
    colors = draw(st.booleans())
    return zapi.Route(
        draw(route_types),
        prefix,
        draw(hops(colors)),
        draw(st.none() | u8),
        draw(st.none() | u32),
        zapi.RouteFlag(draw(st.integers(0, 0x3FF))),
        draw(u16),
        draw(safis),
        draw(st.none() | u32),
        draw(st.none() | u32),
        draw(st.none() | u32),
        draw(u32),
        draw(source),
        draw(hops(colors)),
        draw(st.none() | st.binary(max_size=20)),
    )


@st.composite
def interface_addresses(draw: st.DrawFn) -> zapi.InterfaceAddress:
    prefix = draw(prefixes(with_host=True))
    destination = draw(st.none() | addresses(prefix.afi).filter(lambda a: a.value > 0))
    flags = zapi.AddressFlag(draw(st.integers(0, 7)))
    return zapi.InterfaceAddress(draw(st.booleans()), draw(u32), prefix, flags, destination)


@st.composite
def client_capabilities(draw: st.DrawFn) -> zapi.ClientCapabilities:
    kind = draw(st.sampled_from(zapi.ClientCapability))
    vrf = draw(u32)
    match kind:
        case zapi.ClientCapability.GRACEFUL_RESTART | zapi.ClientCapability.STALE_TIME:
            return zapi.ClientCapabilities(kind, vrf, stale_time=draw(u32))
        case zapi.ClientCapability.NO_GRACEFUL_RESTART:
            return zapi.ClientCapabilities(kind, vrf)
        case _:
            return zapi.ClientCapabilities(kind, vrf, 0, draw(u32), draw(u32))


watches = st.lists(
    st.builds(zapi.NexthopWatch, prefixes(), st.booleans(), st.booleans(), safis), max_size=5
).map(tuple)

relayed = st.builds(
    bfd.BfdRelay, st.integers(bfd.UPDATE, bfd.CLIENT_DEREGISTER), st.binary(max_size=9)
)
destinations = st.binary(min_size=14, max_size=60).map(lambda rest: b"\0\0\1\2\0\2" + rest)

vteps = addresses(Afi.IPV4)
macs = st.binary(min_size=6, max_size=6)
hosts = st.none() | addresses()
segments = st.binary(min_size=10, max_size=10)
mac_flags = st.integers(0, 255).map(evpn.MacFlag)

from_client: st.SearchStrategy[zapi.Message] = st.one_of(
    st.builds(zapi.Hello, route_types, u16, u32, st.booleans(), st.booleans()),
    client_capabilities(),
    st.builds(zapi.VrfLabel, u32, afis, u8),
    st.builds(zapi.RouterIdAdd, afis),
    st.builds(zapi.RouterIdDelete, afis),
    st.just(zapi.InterfaceRequest()),
    st.just(zapi.InterfaceCancel()),
    st.builds(zapi.RouterAdvertisement, st.booleans(), u32, u32),
    st.builds(zapi.RouteAdd, routes()),
    st.builds(zapi.RouteDelete, routes()),
    st.builds(zapi.RouteNotifyRequest, st.booleans()),
    st.builds(zapi.RedistributeAdd, afis, route_types, u16),
    st.builds(zapi.RedistributeDelete, afis, route_types, u16),
    st.builds(zapi.RedistributeDefaultAdd, afis),
    st.builds(zapi.RedistributeDefaultDelete, afis),
    st.builds(zapi.NexthopRegister, watches),
    st.builds(zapi.NexthopUnregister, watches),
    st.builds(zapi.BfdClientRegister, u32),
    st.builds(bfd.BfdDestination, st.booleans(), destinations),
    relayed,
    st.builds(zapi.DuplicateAddrDetection, st.booleans(), u32, u32, st.booleans(), u32),
    st.builds(zapi.LabelManagerConnect, route_types, u16, asynchronous=st.booleans()),
    st.builds(allotted.LabelChunkRequest, route_types, u16, st.booleans(), u32, u32),
    st.builds(allotted.LabelChunkRelease, route_types, u16, u32, u32),
    st.builds(allotted.TableManagerConnect, u8, u16),
    st.builds(allotted.TableChunkRequest, u32),
    st.builds(allotted.TableChunkRelease, u32, u32),
    st.builds(allotted.LocatorChunkRequest, names),
    st.builds(allotted.LocatorChunkRelease, names),
    st.builds(allotted.FecRegister, prefixes(), label=st.none() | u32),
    st.builds(allotted.FecRegister, prefixes(), index=u32),
    st.builds(allotted.FecUnregister, prefixes()),
    st.builds(evpn.AdvertiseAllVni, st.booleans(), u8),
    st.builds(evpn.AdvertiseGateway, st.booleans(), u32),
    st.builds(evpn.AdvertiseSvi, st.booleans(), u32),
    st.builds(evpn.AdvertiseSubnet, st.booleans(), u32),
    st.builds(evpn.RemoteVtep, st.booleans(), u32, vteps, u32),
    st.builds(evpn.RemoteMacAdd, u32, macs, hosts, vteps, mac_flags, u32, segments),
    st.builds(evpn.RemoteMacDelete, u32, macs, hosts, vteps),
)

from_zebra: st.SearchStrategy[zapi.Message] = st.one_of(
    st.builds(zapi.Capabilities, u32, st.booleans(), u32, u8),
    st.builds(zapi.VrfAdd, names, u32, names),
    st.builds(zapi.VrfDelete, names, u32, names),
    st.builds(zapi.RouterIdUpdate, addresses().map(Address.host_prefix)),
    st.builds(
        zapi.InterfaceState,
        st.sampled_from(zapi.InterfaceEvent),
        names,
        u32,
        st.integers(0, 7).map(zapi.InterfaceStatus),
        st.integers(0, (1 << 64) - 1),
        *[u32] * 7,
        hw_address=st.binary(max_size=20),
        ptm_enable=u8,
        ptm_status=u8,
    ),
    interface_addresses(),
    st.builds(zapi.InterfaceNbrAddress, st.booleans(), u32, prefixes(with_host=True)),
    st.builds(
        zapi.RouteNotifyOwner, st.sampled_from(zapi.NotifyNote), prefixes(), u32, afis, safis
    ),
    st.builds(zapi.RedistributeRoute, st.booleans(), routes()),
    st.builds(
        zapi.NexthopUpdate, prefixes(), prefixes(), route_types, u16, u8, u32, hops(), safis
    ),
    st.builds(
        zapi.NexthopUpdate, prefixes(), prefixes(), route_types, u16, u8, u32,
        hops(colors=True), safis, u32,
    ),
    st.builds(zapi.LabelManagerConnect, route_types, u16, u8),
    st.builds(allotted.LabelChunk, route_types, u16, st.tuples(u32, u32), st.booleans()),
    st.builds(allotted.LabelChunk, route_types, u16),
    st.builds(allotted.FecUpdate, prefixes(), u32),
    st.builds(allotted.TableManagerConnect, st.just(0), st.just(0), u8),
    st.builds(allotted.TableChunk, st.none() | st.tuples(u32, u32)),
    st.builds(allotted.LocatorAdd, names, prefixes(Afi.IPV6, with_host=True)),
    st.builds(allotted.LocatorDelete, names, prefixes(Afi.IPV6, with_host=True)),
    st.builds(allotted.LocatorChunk, names, prefixes(Afi.IPV6, with_host=True), u8, u8, u8, u8),
    relayed,
    st.builds(bfd.BfdNews, st.just(bfd.UPDATE), st.binary(max_size=60)),
    st.just(bfd.BfdNews(bfd.REPLAY)),
    st.builds(zapi.Error, st.sampled_from(zapi.ErrorCode)),
    st.builds(evpn.VniAdd, u32, vteps, u32, vteps, u32),
    st.builds(evpn.VniDelete, u32),
    st.builds(evpn.LocalMacAdd, u32, macs, hosts, mac_flags, u32, segments),
    st.builds(evpn.LocalMacDelete, u32, macs, hosts, st.booleans()),
)  # fmt: skip
