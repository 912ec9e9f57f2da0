"""Shows about routes, next hops and zebra itself."""

from typing import TYPE_CHECKING, Any

from grammar.base.errors import CommandError, Status
from grammar.base.values import Address, Afi, Prefix
from grammar.command import Reply, View, show
from grammar.node import ENABLE, VIEW
from grammar.scope import Scope
from zebra import show as shown

if TYPE_CHECKING:
    from zebra.zapi.constants import RouteType

SHOW = Scope((VIEW, ENABLE))
_ENABLE = Scope((ENABLE,))
SHOW.add(_ENABLE)


def _type(word: str) -> "RouteType":
    from zebra.zapi.constants import RouteType  # costly, for a start that does not come here

    named = {"ospf6": RouteType.OSPF6, "vnc": RouteType.VNC}
    return named.get(word) or next(kind for kind in RouteType if kind.word == word)


def no_vrf(zebra: Any, name: str | None) -> str:
    """FRR's complaint about a VRF that is not there, or only configured."""
    return f"% VRF {name} not {'active' if name in zebra.config.vrfs else 'found'}"


def missing(complaint: str) -> View:
    """An answer that only complains, or is `{}` as JSON."""
    return View(shown.views.Missing(complaint), status=Status.WARNING)


_TABLE_OF_VRF = """\
Linux vrf backend already points to table id
Either remove table parameter or vrf parameter"""


def _vrfs(zebra: Any, vrf: str | None) -> list[Any]:
    known = zebra.rib.vrfs.values()
    if vrf == "all":
        return list(known)
    found = [one for one in known if one.name == (vrf or "default")]
    if not found:
        raise CommandError(no_vrf(zebra, vrf), Status.WARNING)
    return found


@show(
    SHOW,
    "show <ip$ipv4 <fib$fib|route> [table <(1-4294967295)$table|all$table_all>]"
    " [vrf <NAME$vrf|all$vrf_all>]"
    " [{tag (1-4294967295)$tag|A.B.C.D/M$within longer-prefixes|supernets-only$supernets_only}]"
    " [<<kernel|connected|static|rip|ospf|isis|bgp|eigrp|nhrp|table|vnc|babel|openfabric>$type"
    "|ospf$type (1-65535)$instance>]"
    "|ipv6$ipv6 <fib$fib|route> [table <(1-4294967295)$table|all$table_all>]"
    " [vrf <NAME$vrf|all$vrf_all>]"
    " [{tag (1-4294967295)$tag|X:X::X:X/M$within longer-prefixes}]"
    " [<kernel|connected|static|ripng|ospf6|isis|bgp|nhrp|table|vnc|babel|openfabric>$type]>"
    " [<json$json|nexthop-group$groups>]",
)
def show_routes(zebra: Any, **values: Any) -> Any:
    """Lists of routes."""
    afi = Afi.IPV6 if "ipv6" in values else Afi.IPV4
    vrf = "all" if "vrf_all" in values else values.get("vrf")
    within: Prefix | None = values.get("within")
    kind = _type(values["type"]) if "type" in values else None
    wanted = shown.views.RouteFilter(
        type=kind,
        tag=values.get("tag"),
        within=within.network if within is not None else None,
        supernets_only="supernets_only" in values,
        fib="fib" in values,
    )
    table = "all" if "table_all" in values else values.get("table")
    if vrf is not None and table is not None and zebra.namespaces is None:
        return View(shown.views.Missing(_TABLE_OF_VRF))
    if vrf not in (None, "all") and not any(one.name == vrf for one in zebra.rib.vrfs.values()):
        return missing(no_vrf(zebra, vrf))
    return shown.views.routes(
        zebra,
        afi,
        _vrfs(zebra, vrf),
        table,
        wanted,
        title_vrf=vrf == "all",
        groups="groups" in values,
    )


@show(
    SHOW,
    "show <ip$ipv4 <fib$fib|route> [vrf <NAME$vrf|all$vrf_all>]"
    " <A.B.C.D$address|A.B.C.D/M$prefix>"
    "|ipv6$ipv6 <fib$fib|route> [vrf <NAME$vrf|all$vrf_all>]"
    " <X:X::X:X$address|X:X::X:X/M$prefix>>"
    " [json$json] [nexthop-group$groups]",
)
def show_route(zebra: Any, **values: Any) -> Any:
    """Everything about one prefix."""
    vrf = "all" if "vrf_all" in values else values.get("vrf")
    wanted: Address | Prefix = values["address"] if "address" in values else values["prefix"]
    fib, groups = "fib" in values, "groups" in values
    chosen = _vrfs(zebra, vrf)
    found = [shown.views.route(zebra, one, wanted, fib=fib, groups=groups) for one in chosen]
    parts = tuple(view for view in found if view is not None)
    if parts:
        return shown.views.Several(parts)
    where = "FIB" if fib else "RIB" if vrf == "all" else "table"
    return missing(f"% Network not in {where}")


@show(
    SHOW,
    "show <ip|ipv6$ipv6> route [vrf <NAME$vrf|all$vrf_all>] summary"
    " [table (1-4294967295)$table] [prefix$prefix] [json$json]",
)
def show_summary(zebra: Any, **values: Any) -> Any:
    """Routes counted by source."""
    afi = Afi.IPV6 if "ipv6" in values else Afi.IPV4
    found = _vrfs(zebra, "all" if "vrf_all" in values else values.get("vrf"))
    table = values.get("table")
    there = [one for one in found if table is None or (afi, table) in one.tables]
    if not there:
        return None
    prefixes = "prefix" in values
    return shown.views.Several(
        tuple(shown.views.summary(zebra, afi, one, table, prefixes) for one in there)
    )


@show(
    SHOW,
    "show <ip|ipv6$ipv6> <nht|import-check> [<A.B.C.D$address|X:X::X:X$address"
    "|vrf NAME$vrf [<A.B.C.D$address|X:X::X:X$address>]|vrf all$vrf_all>] [mrib$mrib]",
)
def show_nht(zebra: Any, **values: Any) -> Any:
    """Tracked next hops."""
    afi = Afi.IPV6 if "ipv6" in values else Afi.IPV4
    everywhere = "vrf_all" in values
    return shown.views.Several(
        tuple(
            shown.views.tracked(
                zebra,
                zebra.rib.named(vrf),
                afi,
                values.get("address"),
                f"VRF {vrf}:" if everywhere else None,
                mrib="mrib" in values,
            )
            for vrf in _watched(zebra, values.get("vrf"), everywhere)
        )
    )


def _watched(zebra: Any, vrf: str | None, everywhere: bool) -> list[str]:
    """The VRFs that are asked for; of all, those too that are only configured."""
    if everywhere:
        return shown.views.vrf_names(zebra)
    return [one.name for one in _vrfs(zebra, vrf)]


@show(
    SHOW,
    "show nexthop-group rib <(0-4294967295)$id|[singleton <ip$ip|ipv6$ipv6>]"
    " [<kernel|zebra|bgp|sharp>$type] [vrf <NAME$vrf|all$vrf_all>]>",
)
def show_groups(zebra: Any, **values: Any) -> Any:
    """Next-hop groups."""
    singleton = None
    if "ip" in values or "ipv6" in values:
        singleton = Afi.IPV4 if "ip" in values else Afi.IPV6
    if zebra.namespaces is None and ("vrf" in values or "vrf_all" in values):
        text = "VRF subcommand does not make any sense in l3mdev based vrf's"
        raise CommandError(text, Status.WARNING)
    word = values.get("type")
    owner = word and _type("nhg" if word == "zebra" else word)
    if "vrf_all" in values:
        return _groups_by_vrf(zebra, singleton, owner)
    vrf = _vrfs(zebra, values["vrf"])[0] if "vrf" in values else None
    found = shown.views.groups(zebra, values.get("id"), singleton, vrf, owner)
    if isinstance(found, str):
        raise CommandError(found, Status.WARNING)
    return found


def _groups_by_vrf(zebra: Any, singleton: Afi | None, owner: Any) -> Any:
    parts: list[object] = []
    for vrf in _vrfs(zebra, "all"):
        parts.append(shown.views.Missing(f"VRF: {vrf.name}"))
        parts.append(shown.views.groups(zebra, None, singleton, vrf, owner))
    return shown.views.Several(tuple(parts))


@show(SHOW, "show zebra dplane [detailed]", "Show", "zebra", "The way to the kernel", "In detail")
def show_dataplane(zebra: Any) -> Any:
    """Counters."""
    return shown.views.dataplane(zebra)


@show(
    SHOW,
    "show zebra dplane providers [detailed]",
    "Show",
    "zebra",
    "The way to the kernel",
    "Its parts",
    "In detail",
)
def show_providers(zebra: Any) -> str:
    """The kernel is the only one."""
    counters = shown.views.dataplane(zebra)
    return (
        "Zebra dataplane providers:\n"
        f"Kernel (1): in: {counters.updates}, q: 0, q_max: {counters.deepest},"
        f" out: {counters.updates}, q: 0, q_max: {counters.deepest}\n"
    )


@show(
    SHOW,
    "show <ip|ipv6$ipv6> zebra route dump [vrf VRFNAME$vrf]",
    "Show",
    "IPv4",
    "IPv6",
    "zebra",
    "Routes",
    "All that is kept of them",
    "Of a VRF",
    "Its name",
    hidden=True,
)
def show_dump(zebra: Any, ipv6: str | None = None, vrf: str = "default") -> Any:
    """Every route in full."""
    if not any(one.name == vrf for one in zebra.rib.vrfs.values()):
        return Reply(["{}\n"], Status.WARNING)
    return shown.views.dump(zebra, Afi.IPV6 if ipv6 else Afi.IPV4, _vrfs(zebra, vrf)[0])


@show(SHOW, "show ip rpf [json$json]", "Show", "IPv4", "The way back to senders", "As JSON")
def show_reverse_paths(zebra: Any) -> Any:
    """The multicast table."""
    return shown.views.reverse_paths(zebra, zebra.rib.default)


@show(SHOW, "show ip rpf A.B.C.D$address", "Show", "IPv4", "The way back to senders", "To this one")
def show_reverse_path(zebra: Any, address: Address) -> Any:
    """The way back to one address."""
    return shown.views.reverse_path(zebra, zebra.rib.default, address)


@show(
    SHOW,
    "show interface [IFNAME$ifname] nexthop-group",
    "Show",
    "Interfaces",
    "One by name",
    "The next-hop groups over it",
)
def show_interface_groups(zebra: Any, ifname: str | None = None) -> Any:
    """Next-hop groups by interface."""
    if ifname is not None and not shown.views.interfaces(zebra, None, ifname, False).rows:
        return missing(f"% Can't find interface {ifname}")
    return shown.views.groups_of_interfaces(zebra, ifname)


@show(SHOW, "show zebra router table summary", "Show", "zebra", "Routing", "Tables", "Counted")
def show_tables(zebra: Any) -> Any:
    """Tables."""
    return shown.views.tables(zebra)


@show(_ENABLE, "show zebra client", "Show", "zebra", "Its clients")
def show_clients(zebra: Any) -> Any:
    """Clients at length."""
    return shown.views.clients(zebra, False)


@show(_ENABLE, "show zebra client summary", "Show", "zebra", "Its clients", "A line each")
def show_clients_summary(zebra: Any) -> Any:
    """Clients in brief."""
    return shown.views.clients(zebra, True)


@show(_ENABLE, "show zebra", "Show", "zebra")
def show_zebra(zebra: Any) -> Any:
    """What zebra can do here."""
    return shown.views.overview(zebra)


@show(SHOW, "show ipv6 nd ra-interfaces [vrf <all$all|NAME$vrf>]")
def show_advertising(zebra: Any, vrf: str | None = None, all: str | None = None) -> Any:
    """The interfaces that send router advertisements."""
    if vrf is None and all is None:
        return shown.views.advertising(zebra, "default")
    if zebra.namespaces is None:
        text = "% VRF subcommand only applicable for netns-based vrfs."
        raise CommandError(text, Status.WARNING)
    names = [one for one in shown.views.vrf_names(zebra) if all is not None or one == vrf]
    if not names:
        raise CommandError(f"% VRF '{vrf}' specified does not exist", Status.WARNING)
    return shown.views.Several(tuple(shown.views.advertising(zebra, one) for one in names))
