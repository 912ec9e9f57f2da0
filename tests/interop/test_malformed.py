"""Every row of malformed messages beside FRR 8.4.4: the same answer, or a difference that is known.

What this router does with the rows is tried in `tests/bgp/test_malformed.py`.
"""

import re

import pytest

from tests.bgp.malformed import RULES
from tests.bgp.malformed_past import PAST
from tests.interop.malformed import ROOT, outcomes
from tests.interop.malformed_frr import DIFFERENT

ROWS = [row for rows in (*RULES.values(), *PAST.values()) for row in rows]


@pytest.mark.real
def test_frr_answers_each_row_so() -> None:
    known = {name: outcome for rows in DIFFERENT.values() for name, outcome in rows.items()}
    expected = {row.name: known.get(row.name, row.outcome) for row in ROWS}
    assert dict(zip(expected, outcomes(ROWS), strict=True)) == expected


def test_each_difference_is_one_and_is_told_of() -> None:
    ours = {row.name: row.outcome for row in ROWS}
    told = re.sub(r"\s+", " ", (ROOT / "docs" / "differences.md").read_text())
    for reason, rows in DIFFERENT.items():
        assert reason in told
        assert all(ours[name] != outcome for name, outcome in rows.items())
