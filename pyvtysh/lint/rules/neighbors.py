"""Neighbors of BGP: their policy, their families, their addresses."""

from collections.abc import Iterator
from dataclasses import fields

from bgp import effective
from bgp.config import BgpConfig, PeerConfig
from bgp.familyconfig import (
    FAMILIES,
    Family,
    FamilyConfig,
    PeerFamilyConfig,
    family_title,
    table_family,
)
from grammar.base.values import Address
from pyvtysh.lint.reading import Reading
from pyvtysh.lint.report import Finding, Rule, Severity

POLICY = Rule(
    "ebgp-without-policy",
    Severity.WARNING,
    "An external neighbor without filters, while `bgp ebgp-requires-policy` is on.",
)
NO_FAMILY = Rule(
    "neighbor-without-family", Severity.WARNING, "A neighbor that is activated in no family."
)
IDLE_LINES = Rule(
    "neighbor-not-activated",
    Severity.WARNING,
    "Lines of a neighbor in a family in which it is not activated.",
)
IDLE_FAMILY = Rule(
    "family-not-activated",
    Severity.WARNING,
    "Routes are originated in a family that no neighbor is activated in.",
)
OWN = Rule("own-address", Severity.ERROR, "A neighbor with an address of this router.")
RULES = (POLICY, NO_FAMILY, IDLE_LINES, IDLE_FAMILY, OWN)

_AT_BIRTH = ("activate", "addpath_tx")
"""What a neighbor has in a family without a line of its own there."""


def check(reading: Reading) -> Iterator[Finding]:
    """Look at each neighbor as it would be, with what its group gives it."""
    for bgp in reading.bgpd.instances.values():
        ranges = set(bgp.listen_ranges.values())
        listening = [group for name, group in bgp.groups.items() if name in ranges]
        for own in (*bgp.peers.values(), *listening):
            peer = PeerConfig(own.name)
            effective.resolve(bgp, own, peer)
            active = [f for f in FAMILIES if effective.activated(bgp, peer, f)]
            yield from _policy(reading, bgp, peer, active)
            yield from _families(reading, bgp, peer, active)
        for own in bgp.peers.values():
            yield from _own_address(reading, bgp, own)
        for family in FAMILIES:
            yield from _idle(reading, bgp, family)


def _at(reading: Reading, bgp: BgpConfig, peer: PeerConfig, rule: Rule, message: str) -> Finding:
    made = reading.find(peer.name, like="^neighbor ", place=bgp)
    for statement in reading.saying(peer.name):
        is_neighbor = statement.notation.startswith("neighbor ") and not statement.removes
        if is_neighbor and statement.place is bgp:
            made = statement
            break
    return rule.at(made.number, made.column(peer.name), message)


def _policy(
    reading: Reading, bgp: BgpConfig, peer: PeerConfig, active: list[Family]
) -> Iterator[Finding]:
    if not bgp.requires_policy or not effective.is_external(bgp, peer):
        return
    for family in active:
        lines = peer.family(family)
        missing = [word for word in ("in", "out") if not _filtered(lines, word)]
        if missing:
            does = {"in": "no route is taken", "out": "none is announced"}
            what = " and ".join(does[word] for word in missing)
            message = f"external neighbor {peer.name} has no policy for {family_title(family)}"
            yield _at(reading, bgp, peer, POLICY, f"{message}: {what}")


def _filtered(lines: PeerFamilyConfig, word: str) -> bool:
    kinds = ("prefix_list", "distribute_list", "filter_list", "route_map")
    if word == "out" and lines.unsuppress_map is not None:
        return True
    return any(getattr(lines, f"{kind}_{word}") is not None for kind in kinds)


def _families(
    reading: Reading, bgp: BgpConfig, peer: PeerConfig, active: list[Family]
) -> Iterator[Finding]:
    if not active:
        message = f"neighbor {peer.name} is activated in no address family"
        yield _at(reading, bgp, peer, NO_FAMILY, message)
    own = bgp.peers.get(peer.name) or bgp.groups.get(str(peer.name))
    for family, lines in (own.families if own is not None else {}).items():
        if family not in active and active and _has_lines(lines):
            title = family_title(family)
            message = f"neighbor {peer.name} has lines for {title} and is not activated there"
            yield _at(reading, bgp, peer, IDLE_LINES, message)


def _has_lines(lines: PeerFamilyConfig) -> bool:
    names = (field.name for field in fields(PeerFamilyConfig) if field.name not in _AT_BIRTH)
    return any(getattr(lines, name) is not None for name in names)


def _idle(reading: Reading, bgp: BgpConfig, family: Family) -> Iterator[Finding]:
    lines = bgp.families[family]
    first = _originates(lines)
    neighbors = [*bgp.peers.values(), *(bgp.groups[name] for name in bgp.listen_ranges.values())]
    if first is None or not neighbors:
        return
    alike = [other for other in FAMILIES if table_family(other) == table_family(family)]
    if not any(effective.activated(bgp, peer, each) for peer in neighbors for each in alike):
        made = reading.find(first, place=bgp)
        message = f"no neighbor is activated for {family_title(family)}"
        yield IDLE_FAMILY.at(made.number, made.column(), f"{message}, which has routes of its own")


def _originates(lines: FamilyConfig) -> object:
    for found in (lines.networks, lines.aggregates, lines.redistribute):
        if found:
            return next(iter(found))
    return None


def _own_address(reading: Reading, bgp: BgpConfig, peer: PeerConfig) -> Iterator[Finding]:
    if not isinstance(peer.name, Address):
        return
    where = None
    vrf = "default" if bgp.vrf is None or bgp.view else bgp.vrf
    for interface in reading.zebra.interfaces.values():
        if interface.vrf == vrf and any(peer.name == a.prefix.address for a in interface.addresses):
            where = f"interface {interface.name} has it"
    if peer.name == bgp.router_id:
        where = where or "it is the router id"
    if peer.name == peer.update_source:
        where = where or "its update-source is the same"
    if where is not None:
        message = f"neighbor {peer.name} has an address of this router: {where}"
        yield _at(reading, bgp, peer, OWN, message)
