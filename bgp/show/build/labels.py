"""`show bgp labelpool ...`: the labels of this router's own. None is ever asked for or waited for:
they are of a range of the daemon, told as the chunks that FRR would have got from zebra."""

from typing import TYPE_CHECKING

from bgp.labels import FIRST
from bgp.show.views.misc import Fixed
from grammar.base.values import Prefix
from grammar.output import jsonc

if TYPE_CHECKING:
    from bgp.bgpd import Bgpd

_COUNTS = ("Ledger", "InUse", "Requests", "LabelChunks", "Pending", "Reconnects")
_CHUNK = 128
"""The size of the first chunk; each further one is twice that of the one before."""
_COLUMNS = (("First", 10), ("Last", 11), ("Size", 11), ("nfree", 11))


def _in_use(bgpd: "Bgpd") -> dict[int, str]:
    """Prefixes by their labels, in the order of these."""
    found = {}
    for instance in bgpd.instances.values():
        for table in instance.all_tables:
            if table.labels is not None:
                for key, label in table.labels.by_key.items():
                    found[label] = str(Prefix.from_key(table.afi, key))
    return dict(sorted(found.items()))


def _chunks(labels: dict[int, str]) -> list[tuple[int, int, int, int]]:
    """First and last label, size and free ones of each chunk."""
    found: list[tuple[int, int, int, int]] = []
    first, size, most = FIRST, _CHUNK, max(labels, default=0)
    while first <= most:
        used = sum(first <= label < first + size for label in labels)
        found.append((first, first + size - 1, size, size - used))
        first, size = first + size, size * 2
    return found


def summary(bgpd: "Bgpd") -> Fixed:
    """How many there are."""
    labels = _in_use(bgpd)
    count = {"Ledger": len(labels), "InUse": len(labels), "LabelChunks": len(_chunks(labels))}
    rows = [(name, count.get(name, 0)) for name in _COUNTS]
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
    found = _chunks(_in_use(bgpd))
    text = "".join(f"{word:>{width}}" for word, width in _COLUMNS) + f"\n{'-' * 43}\n"
    for row in found:
        text += "".join(f"{n:>{width}}" for n, (_, width) in zip(row, _COLUMNS, strict=True)) + "\n"
    names = ("first", "last", "size", "numberFree")
    rows: list[jsonc.Json] = [dict(zip(names, row, strict=True)) for row in found]
    return Fixed(text, (jsonc.pretty(rows) if rows else "{}") + "\n")


def requests(bgpd: "Bgpd") -> Fixed:
    """Those that zebra was asked for: none."""
    return Fixed(f"{'Prefix':<15}\n{'-' * 16}\n", "{}\n")
