"""The generated section of `docs/reliability.md`: one table per topic, between two markers."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.report import TOPICS, Figure, Record

PAGE = Path(__file__).parent.parent.parent / "docs/reliability.md"
BEGIN = "<!-- figures: `make report` -->"
END = "<!-- end of figures -->"


def rendered(page: str, records: Iterable[Record]) -> str:
    """The page with the figures in the place of those it had; ValueError without the markers."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the page needs the lines {BEGIN} and {END}")
    return "".join((before, begin, "\n", *section(records), "\n", end, after))


def section(records: Iterable[Record]) -> Iterator[str]:
    """The tables, as pieces of Markdown."""
    for record in records:
        yield f"\n### {TOPICS[record.topic]}\n\nTaken on {record.taken}.\n\n"
        yield "| check | ours | FRR 8.4.4 | |\n|---|---|---|---|\n"
        for figure in record.figures:
            cells = (
                figure.name,
                value(figure.ours, figure.unit),
                value(figure.frr, figure.unit),
                figure.note,
            )
            yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |\n"


def value(amount: float | str | None, unit: str) -> str:
    """`1,234.5 MiB`; three digits of what is small, nothing of what was not taken."""
    if amount is None:
        return ""
    if isinstance(amount, str):
        return amount
    whole = float(amount).is_integer() or abs(amount) >= 100
    text = f"{amount:,.0f}" if whole else f"{amount:,.3g}"
    return f"{text} {unit}".rstrip()


def lines(record: Record) -> Iterator[str]:
    """The same for a terminal, after a run."""
    yield TOPICS[record.topic]
    width = max((len(figure.name) for figure in record.figures), default=0)
    for figure in record.figures:
        yield f"  {figure.name:{width}}  {_beside(figure)}"


def _beside(figure: Figure) -> str:
    theirs = value(figure.frr, figure.unit)
    return value(figure.ours, figure.unit) + (f"  (FRR {theirs})" if theirs else "")
