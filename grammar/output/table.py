"""Memory figures and the plain tables that FRR prints."""

from collections.abc import Sequence


def memory_text(size: int) -> str:
    """A number of bytes as FRR's summaries write it: `576 bytes`, `716 KiB`, `11 MiB`.

    A unit is used from 11 of it on and is rounded half up; from 2^31 bytes it is `> 2GB`.
    """
    if size >= 1 << 31:
        return "> 2GB"
    for shift, unit in ((20, "MiB"), (10, "KiB")):
        if size >> shift > 10:
            return f"{(size + (1 << shift - 1)) >> shift} {unit}"
    return "1 byte" if size == 1 else f"{size} bytes"


def columns(
    rows: Sequence[Sequence[str]], *, gap: int = 2, right: Sequence[int] = (), rule: str = ""
) -> list[str]:
    """Lines of a table whose columns are as wide as their widest cell, `gap` blanks apart.

    The first row is the head. `right` numbers the columns that are aligned right. `rule`, when
    given, is the letter of which a line under the head is made. Lines carry no blanks at the end.
    """
    if not rows:
        return []
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    lines: list[str] = []
    for row in rows:
        cells = [
            cell.rjust(width) if place in right else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append((" " * gap).join(cells).rstrip())
    if rule:
        lines.insert(1, rule * (sum(widths) + gap * (len(widths) - 1)))
    return lines
