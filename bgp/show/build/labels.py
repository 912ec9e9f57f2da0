"""`show bgp labelpool ...`: the labels of this router's own, and those that prefixes wait for."""

from typing import TYPE_CHECKING

from bgp.show.views.misc import Fixed
from grammar.output import jsonc

if TYPE_CHECKING:
    from bgp.bgpd import Bgpd

_COUNTS = ("Ledger", "InUse", "Requests", "LabelChunks", "Pending", "Reconnects")
_COLUMNS = (("First", 10), ("Last", 11), ("Size", 11), ("nfree", 11))


def _in_use(bgpd: "Bgpd") -> dict[int, str]:
    """Prefixes by their labels, in the order of these."""
    used = bgpd.zebra.labels.used
    return {label: used[label][0].prefix(used[label][1]) for label in sorted(used)}


def _waiting(bgpd: "Bgpd") -> list[str]:
    return [labels.prefix(key) for labels, key in bgpd.zebra.labels.waiting]


def summary(bgpd: "Bgpd") -> Fixed:
    """How many there are."""
    pool = bgpd.zebra.labels
    used, waiting = len(pool.used), len(pool.waiting)
    counts = (used + waiting, used, waiting, len(pool.chunks), pool.pending, pool.reconnects)
    rows = list(zip(_COUNTS, counts, strict=True))
    text = "".join(f"{name + ':':<13} {value}\n" for name, value in rows)
    values: dict[str, jsonc.Json] = {}
    for name, value in rows:
        values[name] = values[name[0].lower() + name[1:]] = value
    return Fixed(f"Labelpool Summary\n-----------------\n{text}", jsonc.pretty(values) + "\n")


def in_use(bgpd: "Bgpd") -> Fixed:
    """Each with its prefix."""
    labels = _in_use(bgpd)
    head = f"{'Prefix':<18}{'Label':>9}\n{'-' * 27}\n"
    text = head + "".join(f"{prefix:<18}    {label}\n" for label, prefix in labels.items())
    rows: list[jsonc.Json] = [{"prefix": p, "label": label} for label, p in labels.items()]
    return Fixed(text, (jsonc.pretty(rows) if rows else "{}") + "\n")


def chunks(bgpd: "Bgpd") -> Fixed:
    """The ranges that they are taken from."""
    chunks = bgpd.zebra.labels.chunks
    found = [(one.first, one.last, one.last + 1 - one.first, one.free) for one in chunks]
    text = "".join(f"{word:>{width}}" for word, width in _COLUMNS) + f"\n{'-' * 43}\n"
    for row in found:
        text += "".join(f"{n:>{width}}" for n, (_, width) in zip(row, _COLUMNS, strict=True)) + "\n"
    names = ("first", "last", "size", "numberFree")
    rows: list[jsonc.Json] = [dict(zip(names, row, strict=True)) for row in found]
    return Fixed(text, (jsonc.pretty(rows) if rows else "{}") + "\n")


def requests(bgpd: "Bgpd") -> Fixed:
    """The prefixes that wait for a label."""
    waiting = _waiting(bgpd)
    rows: list[jsonc.Json] = [{"prefix": prefix} for prefix in waiting]
    text = f"{'Prefix':<15}\n{'-' * 16}\n" + "".join(f"{prefix:<18}\n" for prefix in waiting)
    return Fixed(text, (jsonc.pretty(rows) if rows else "{}") + "\n")
