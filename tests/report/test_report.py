"""The page of figures: what is kept is what is printed, and the page in the tree is the newest."""

from pathlib import Path

import pytest

from tests import report
from tests.report import TOPICS, Figure, kept, record
from tests.report.page import BEGIN, END, PAGE, lines, rendered, value


@pytest.fixture
def nothing_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(report, "KEPT", tmp_path / "figures")
    return tmp_path


def test_what_is_recorded_is_on_the_page(nothing_kept: Path) -> None:
    del nothing_kept
    figure = Figure("moments", 200, 150.25, "kills", "a|b")
    record("crashes", [figure])
    assert kept()[0].figures == (figure,)
    page = f"above\n{BEGIN}\nolder\n{END}\nbelow\n"
    done = rendered(page, kept())
    assert "| moments | 200 kills | 150 kills | a\\|b |" in done
    assert "older" not in done
    assert done.startswith("above\n")
    assert done.endswith("below\n")
    assert rendered(done, kept()) == done


def test_a_terminal_shows_both_figures(nothing_kept: Path) -> None:
    del nothing_kept
    made = record("soak", [Figure("late", 0.01234, None, "s"), Figure("lost", "none", "none")])
    assert list(lines(made)) == [TOPICS["soak"], "  late  0.0123 s", "  lost  none  (FRR none)"]


def test_an_unknown_topic_is_refused(nothing_kept: Path) -> None:
    del nothing_kept
    with pytest.raises(KeyError):
        record("else", [])


@pytest.mark.parametrize(
    ("amount", "unit", "text"),
    [(1234567, "", "1,234,567"), (12.0, "s", "12 s"), (0.5, "%", "0.5 %"), (None, "s", "")],
)
def test_amounts(amount: float | None, unit: str, text: str) -> None:
    assert value(amount, unit) == text


def test_the_page_of_the_tree_holds_what_is_kept() -> None:
    """After `record`, `make report` is due."""
    page = PAGE.read_text()
    assert rendered(page, kept()) == page
