"""`show thread cpu` and its neighbours: what is entered, and FRR's columns."""

import pytest

from grammar.base.clock import FakeClock
from grammar.base.errors import CommandError
from grammar.base.ledger import Ledger, Marks
from grammar.base.work import Work
from grammar.common.threads import show_thread_cpu, show_work_queues, types_of

# Rows of FRR 8.4.4's bgpd: `show thread cpu`.
FRRS = [
    "    0          4.799        70       68       745      138      3645"
    "         0         0          0  R      vtysh_read",
    "    0          0.184         3       61        92      183       268"
    "         0         0          0     E   zserv_process_messages",
    "    0          0.002         1        2         2        3         3"
    "         0         0          0    T    rib_sweep_route",
]


def entered(*runs: tuple[str, str, float, float]) -> Ledger:
    """A ledger with these runs: name, type, seconds of processor and of the wall."""
    marks: list[Marks] = []
    ledger = Ledger(lambda: marks.pop())
    for name, type_, cpu, wall in runs:
        marks.append((cpu, wall))
        ledger.end(name, type_, (0.0, 0.0))
    return ledger


def test_rows_are_in_frrs_columns() -> None:
    runs = [("rib_sweep_route", "T", 0.000002, 0.000003)]
    runs += [
        ("zserv_process_messages", "E", cpu, wall)
        for cpu, wall in ((0.000092, 0.000268), (0.000092, 0.000268), (0.0, 0.000013))
    ]
    lines = "".join(show_thread_cpu(entered(*runs), "RWTEXB")).splitlines()
    assert FRRS[1] in lines
    assert FRRS[2] in lines
    total = lines[-1]
    assert total.endswith("    TE   TOTAL")
    assert total.split()[:3] == ["0", "0.186", "4"]


def test_a_filter_names_types() -> None:
    ledger = entered(("a", "R", 1.0, 1.0), ("b", "E", 1.0, 1.0))
    shown = "".join(show_thread_cpu(ledger, types_of("r")))
    assert "  R      a\n" in shown
    assert "   b\n" not in shown
    with pytest.raises(CommandError, match=r"Invalid filter \"zz\" specified; must contain at"):
        types_of("zz")
    ledger.clear("R")
    assert list(ledger.costs) == ["b"]


def test_slices_of_work_are_entered_by_name() -> None:
    soon: list[object] = []
    errors: list[Exception] = []
    ledger = Ledger()
    work = Work(soon.append, FakeClock(), lambda name, error: errors.append(error), ledger)
    work.add("best paths", iter([None, None]))
    work.add("rib", iter([None]))
    assert ledger.queued is not None
    assert list(ledger.queued()) == ["best paths", "rib"]
    assert "         2     0        0        0 " in "".join(show_work_queues(ledger))
    work.run_slice()
    assert errors == []
    assert {name: (cost.type, cost.runs) for name, cost in ledger.costs.items()} == {
        "best paths": ("E", 1),
        "rib": ("E", 1),
    }
    assert "         0     0        2        0 " in "".join(show_work_queues(ledger))


def test_names_do_not_grow_without_end() -> None:
    ledger = entered(*((f"updates of {number}", "E", 1.0, 1.0) for number in range(2000)))
    assert len(ledger.costs) <= 501
    assert ledger.costs["others"].runs == 1500
