"""Flow specifications from the table, in FRR's words."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Final

from bgp.config import Family
from bgp.policy.extended import filter_text
from bgp.rib.path import Entry, Path, best_of, paths_of
from bgp.rib.rulekeys import rule_of
from bgp.show.build.conditions import EVERYTHING, Choice
from bgp.show.build.summary import age_of
from bgp.show.build.table import (
    ORIGINS,
    RowMaker,
    head,
    is_internal,
)
from bgp.show.views.flowspec import (
    Part,
    RuleEntry,
    RulePath,
    RuleRow,
    RulesDetail,
    RulesFound,
    RulesToldView,
    RulesView,
    RuleText,
)
from bgp.show.views.route import NoRoute
from bgp.show.views.table import Columns, NextHopText, RowPath
from bgp.wire.flowspec import BITMASKS, Component, Kind, Match, Network, decode
from grammar.base.values import Address, Afi, Prefix

if TYPE_CHECKING:
    from bgp.instance import Instance
    from bgp.peer import Peer
    from bgp.rib.announced import Announced
    from bgp.rib.table import Table

_NAMES: Final = {
    Kind.DESTINATION: ("to", "Destination Address"),
    Kind.SOURCE: ("from", "Source Address"),
    Kind.PROTOCOL: ("proto", "IP Protocol"),
    Kind.PORT: ("port", "Port"),
    Kind.DESTINATION_PORT: ("dstp", "Destination Port"),
    Kind.SOURCE_PORT: ("srcp", "Source Port"),
    Kind.ICMP_TYPE: ("type", "ICMP Type"),
    Kind.ICMP_CODE: ("code", "ICMP Code"),
    Kind.TCP_FLAGS: ("tcp", "TCP Flags"),
    Kind.LENGTH: ("pktlen", "Packet Length"),
    Kind.DSCP: ("dscp", "DSCP field"),
    Kind.FRAGMENT: ("pktfrag", "Packet Fragment"),
    Kind.FLOW_LABEL: ("flwlbl", "Flow Label"),
}
# FRR takes no rule with the sixth and the seventh; they are unequal, and always true.
_COMPARED: Final = ("", "=", ">", ">=", "<", "<=", "!=", "true")
_VALID, _SELECTED = 0x410, 0x418
"""FRR's flags of a path: valid and counted; chosen as well."""


def rule_text(rule: bytes, afi: Afi) -> RuleText:
    """A rule in FRR's words."""
    parts = []
    for component in decode(rule, afi):
        key, title = _NAMES[component.kind]
        parts.append(Part(key, title, _value(component, afi)))
    return RuleText(tuple(parts), len(rule))


def _value(component: Component, afi: Afi) -> str:
    if component.network is not None:
        return _prefix(component.network, afi)
    if component.kind in BITMASKS:
        return "".join(map(_bits, range(len(component.matches)), component.matches))
    return ", ".join(f"{_COMPARED[m.operator]} {m.value} " for m in component.matches)


def _prefix(network: Network, afi: Afi) -> str:
    shown = str(Prefix(afi, network.value, network.length))
    return shown if afi is Afi.IPV4 else f"{shown}/off {network.offset}"


def _bits(index: int, match: Match) -> str:
    tie = "" if not index else ",&" if match.conjunct else ",|"
    sign = "= " if match.operator & 1 else "∋ "
    return f"{tie}{sign}{'! ' if match.operator & 2 else ''}{match.value}"


class _Maker(RowMaker):
    """Rows of rules."""

    def rules(
        self,
        walk: Iterable[tuple[int, Entry] | None],
        chosen: Callable[[Path], bool] | None,
        judged: Callable[[int, Path], bool] | None = None,
    ) -> Iterator[RuleRow | None]:
        """The rows of some entries, without those whose every path `chosen` leaves out."""
        for item in walk:
            if item is None:
                yield None
                continue
            key, entry = item
            if judged is not None:
                chosen = partial(judged, key)
            self.counted += len(paths_of(entry))
            paths = self.shown(entry, chosen)
            if paths:
                yield RuleRow(rule_text(rule_of(key), self.afi), paths)

    def make(self, path: Path) -> Columns:
        """The columns of a path, from its attributes; there may be no next hop."""
        attrs = path.attrs
        return Columns(
            _nexthops(path.gateway),
            attrs.med,
            attrs.local_pref,
            path.weight,
            attrs.as_path.text,
            ORIGINS[attrs.origin],
            internal=is_internal(path),
            peer=str(path.source),
        )


def _nexthops(gateway: Address | None) -> tuple[NextHopText, ...]:
    # FRR shows those of IPv4 only.
    return (NextHopText(str(gateway)),) if gateway is not None and gateway.afi is Afi.IPV4 else ()


def table(
    instance: "Instance",
    family: Family,
    choice: Choice = EVERYTHING,
    *,
    wide: bool = False,
    told: bool = True,
) -> RulesView:
    """All rules, or those of a choice; `told` says if there are none."""
    rib = instance.tables[family]
    maker = _Maker(instance, rib)
    keys = choice.keys
    walk = (item for item in rib.walk() if item is None or keys is None or keys(item[0]))
    rows = maker.rules(walk, choice.chosen, choice.judged)
    return RulesView(head(instance, family), rows, wide, maker.total, told)


def detail(instance: "Instance", family: Family) -> RulesDetail:
    """All rules in full."""
    rib = instance.tables[family]
    entries = (
        None if item is None else _entry(instance, rib, item[0], item[1]) for item in rib.walk()
    )
    return RulesDetail(entries)


def find(instance: "Instance", family: Family, asked: Address | Prefix) -> RulesFound | NoRoute:
    """The rules that name a prefix exactly, or one that begins at an address: of each the path
    that came last, as FRR has it."""
    rib = instance.tables[family]
    found = []
    for item in rib.walk():
        if item is not None and _names(decode(rule_of(item[0]), rib.afi), asked):
            entry = _entry(instance, rib, *item)
            found.append(RuleEntry(entry.rule, entry.paths[:1]))
    return RulesFound(tuple(found)) if found else NoRoute()


def _names(rule: tuple[Component, ...], asked: Address | Prefix) -> bool:
    for component in rule:
        network = component.network
        if network is not None and network.value == asked.value:
            return isinstance(asked, Address) or network.length == asked.length
    return False


def _entry(instance: "Instance", rib: "Table", key: int, entry: Entry) -> RuleEntry:
    best = best_of(entry)
    paths = tuple(
        RulePath(
            _SELECTED if path is best else _VALID,
            tuple(map(filter_text, path.attrs.ext_communities)),
            age_of(instance.bgpd, path.since),
            None if path.gateway is None else str(path.gateway),
        )
        for path in paths_of(entry)
    )
    return RuleEntry(rule_text(rule_of(key), rib.afi), paths)


def advertised(
    instance: "Instance", peer: "Peer", family: Family, *, wide: bool = False
) -> RulesToldView:
    """What a neighbor was told."""
    lines = peer.families.get(family)
    group = None if lines is None else lines.group
    rows = () if group is None else _told(family[0], group.walk())
    return RulesToldView(head(instance, family), "advertisedRoutes", rows, wide)


def _told(afi: Afi, walk: "Iterable[tuple[int, Announced] | None]") -> Iterator[RuleRow | None]:
    for item in walk:
        if item is None:
            yield None
            continue
        key, sent = item
        columns = Columns(
            (),  # FRR shows no next hop here
            sent.med,
            sent.local_pref,
            sent.weight,
            sent.attrs.as_path.text,
            ORIGINS[sent.attrs.origin],
        )
        yield RuleRow(rule_text(rule_of(key), afi), (RowPath(columns, best=True),))


def filtered(
    instance: "Instance", peer: "Peer", family: Family, *, wide: bool = False
) -> RulesToldView:
    """What a neighbor sent and policy took out: it is not in the table."""
    rib = instance.tables[family]

    def is_out(key: int, path_id: int) -> bool:
        return not any(
            path.source is peer and path.path_id == path_id for path in paths_of(rib.get(key))
        )

    return received(instance, peer, family, wide=wide, keys=is_out)


def received(
    instance: "Instance",
    peer: "Peer",
    family: Family,
    *,
    wide: bool = False,
    keys: Callable[[int, int], bool] | None = None,
) -> RulesToldView:
    """What a neighbor sent, before policy."""
    maker = _Maker(instance, instance.tables[family])
    lines = peer.families.get(family)
    kept = iter(()) if lines is None or lines.adj_in is None else lines.adj_in.walk()
    rows = (
        None
        if item is None
        else RuleRow(
            rule_text(rule_of(item[0]), family[0]), (RowPath(maker.of(item[1]), best=True),)
        )
        for item in kept
        if item is None or keys is None or keys(item[0], item[1].path_id)
    )
    return RulesToldView(head(instance, family), "receivedRoutes", rows, wide)
