"""Outbound route filters of neighbors as text."""

from collections.abc import Iterator

from bgp.show.text.dispatch import text
from bgp.show.views.neighbor import NeighborFamily
from bgp.show.views.prefixes import ReceivedFilter
from grammar.filters.prefixlist import rule_text


@text.register
def received_filter_text(view: ReceivedFilter) -> Iterator[str]:
    """The list as it would be typed, without its words."""
    yield f"Address Family: {view.family}\n"
    word = "ipv6" if view.family.startswith("IPv6") else "ip"
    yield f"{word} prefix-list {view.name}: {len(view.rules)} entries\n"
    for number, rule in view.rules:
        yield f"   seq {number} {rule_text(rule)}\n"


def _said(pair: tuple[bool, bool]) -> str:
    return ", ".join(word for word, on in zip(("advertised", "received"), pair, strict=True) if on)


def outbound_filters(family: NeighborFamily) -> Iterator[str]:
    """What was offered, sent and received, among the lines of a neighbor."""
    if family.modes:
        yield "  AF-dependant capabilities:\n"
    for mode in family.modes:
        yield f"    Outbound Route Filter (ORF) type ({mode.kind}) Prefix-list:\n"
        if any(mode.send):
            yield f"      Send-mode: {_said(mode.send)}\n"
        if any(mode.receive):
            yield f"      Receive-mode: {_said(mode.receive)}\n"
    if family.filter_sent or family.filter_entries is not None:
        sent = " sent;" if family.filter_sent else ""
        count = family.filter_entries
        received = "" if count is None else f" received ({count} entries)"
        yield f"  Outbound Route Filter (ORF):{sent}{received}\n"
    if family.filter_waits:
        yield "  First update is deferred until ORF or ROUTE-REFRESH is received\n"
