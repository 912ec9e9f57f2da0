"""`bgp default FAMILY`: the families that new neighbors are activated in."""

from bgp.commands.familynodes import WORDS
from bgp.commands.nodes import GLOBAL, default_active
from bgp.config import FAMILIES, IPV4_UNICAST, BgpConfig, Family
from bgp.familyconfig import rival
from grammar.base.errors import Status
from grammar.command import Call, Reply, action
from grammar.scope import Values

CONFLICT = "% Cannot activate peer for both 'ipv4 unicast' and 'ipv4 labeled-unicast'"
"""FRR's refusal of two families that fill one table, whichever of these they are."""

_NAMES: dict[str, Family] = {WORDS[family].replace(" ", "-"): family for family in FAMILIES}


def _lines(bgp: BgpConfig, names: Values) -> list[str]:
    return [
        f"{'' if bgp.default_families[family] else 'no '}bgp default {name}"
        for name, family in _NAMES.items()
        if family in bgp.default_families
    ]


def _default(call: Call) -> Reply | None:
    bgp: BgpConfig = call.node_object
    family, wanted = _NAMES[call.values["family"]], not call.negated
    other = rival(family)
    if wanted and other is not None and bgp.activates(other):
        return Reply([CONFLICT + "\n"], Status.SUCCESS)
    _keep_families(bgp)
    bgp.default_families.pop(family, None)
    if wanted is not (family == IPV4_UNICAST):
        bgp.default_families[family] = wanted
    return None


def _keep_families(bgp: BgpConfig) -> None:
    """Neighbors that exist keep their families, which then print."""
    for peer in (*bgp.groups.values(), *bgp.peers.values(), *bgp.dynamic.values()):
        for family in FAMILIES:
            lines = peer.family(family)
            if lines.activate is None:
                lines.activate = default_active(bgp, family)


def default_families() -> None:
    """Declare the line, of which each family has its own."""
    action(
        GLOBAL,
        f"bgp default <{'|'.join(_NAMES)}>$family",
        "BGP",
        "What new neighbors and routes get",
        *("Activate neighbors in this family",) * len(_NAMES),
        negatable=True,
        printer=_lines,
    )(_default)
