"""Figures of the table of malformed messages, this router's beside FRR's."""

from tests.bgp.malformed import RULES, Mild
from tests.bgp.malformed_past import PAST
from tests.interop.malformed import outcomes
from tests.report import Figure, record


def figures() -> list[Figure]:
    """Rows, and what became of the sessions; FRR's are taken now, ours are those of the rows."""
    rows = [row for group in (*RULES.values(), *PAST.values()) for row in group]
    frr = outcomes(rows)
    mild = [(row, found) for row, found in zip(rows, frr, strict=True) if isinstance(row, Mild)]
    lost = sum(not found.startswith("stays") for _, found in mild)
    equal = sum(row.outcome == found for row, found in zip(rows, frr, strict=True))
    return [
        Figure("malformed messages of the table", len(rows), len(rows), "", "one for each rule"),
        Figure("answered as by FRR", equal, None, "", "the others: docs/differences.md"),
        Figure("sessions that RFC 7606 keeps", len(mild), len(mild), "", "of these messages"),
        Figure("of them lost", 0, lost, "", "sessions that end all the same"),
        Figure("daemons that ended", 0, 0, "", "all rows told to one daemon each"),
    ]


def measure() -> None:
    """For `make report`."""
    record("malformed", figures())
