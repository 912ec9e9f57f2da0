"""Show commands of update-groups: neighbors that are told the same in the same messages."""

from typing import TYPE_CHECKING

from bgp.commands.showing import HEAD, INSTANCE, IP, OLD_FAMILY, Where, shows
from bgp.show import build
from grammar.command import fragment

if TYPE_CHECKING:
    from bgp.instance import Instance

_GROUPS = fragment("update-groups", "Neighbors that are told the same")
_ONE = _GROUPS + fragment("[SUBGROUP-ID$group]", "One group")
_FAMILY = fragment("[<ipv4|ipv6>$afi <unicast|multicast|vpn>$safi]", *OLD_FAMILY.help)


def _instance(where: Where) -> "Instance | None":
    found: Instance | None = where.bgpd.instances.get(
        build.find.instance_name(where.kind, where.name)
    )
    return found


@shows(HEAD + _ONE)
def _show_groups(where: Where, group: str | None = None) -> object:
    if where.name == "all":
        # Without a word for it, FRR means IPv6 here, `ip` or not.
        family = build.find.family(None, where.afi, where.safi)
        return build.updategroups.of_all(where.bgpd, family, group)
    return build.updategroups.groups(_instance(where), where.family, group)


@shows(INSTANCE + _GROUPS + fragment("statistics", "Events since the start"))
def _show_totals(where: Where) -> object:
    # FRR does not take `default` for the name of the default VRF here.
    return build.updategroups.totals(where.bgpd.instances.get(where.name))


@shows(
    INSTANCE
    + _FAMILY
    + _ONE
    + fragment(
        "<advertise-queue|advertised-routes|packet-queue>$what",
        "What waits to be told",
        "What was told",
        "Messages that wait",
    )
)
def _show_queues(where: Where, what: str, group: str | None = None) -> object:
    makers = {
        "advertise-queue": build.updategroups.waiting,
        "advertised-routes": build.updategroups.told,
        "packet-queue": build.updategroups.packets,
    }
    return makers[what](_instance(where), where.family, group)


@shows(IP + fragment("l2vpn evpn", "Layer 2 networks", "Ethernet networks") + _GROUPS)
def _show_evpn_groups(where: Where) -> object:
    return build.updategroups.groups(None, where.family)
