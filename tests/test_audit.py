"""The audit of packages: what counts, and what is said of it."""

import pytest

from tests import audit

FOUND: list[dict[str, object]] = [
    {"name": "rich", "version": "1", "vulns": [{"id": "PYSEC-1"}, {"id": "PYSEC-2"}]},
    {"name": "prompt_toolkit", "version": "1", "vulns": []},
    {"name": "pyroute2", "skip_reason": "not found"},
    {"name": "pytest", "version": "1", "vulns": [{"id": "PYSEC-3"}]},
]


def test_the_packages_are_those_of_an_installation() -> None:
    found = audit.needed()
    assert {"prompt-toolkit", "pyparsing", "pyroute2", "rich", "wcwidth"} <= found
    assert "prometheus-client" in found
    assert not {"pytest", "mypy", "bandit"} & found


@pytest.mark.parametrize(
    ("found", "status", "says"),
    [
        ("no network", 0, "packages not audited: no network\n"),
        (FOUND[1:2], 0, "1 of 1 packages audited, 0 with faults\n"),
        (
            FOUND,
            1,
            "rich: PYSEC-1, PYSEC-2\n2 of 3 packages audited, 1 with faults;"
            " the index does not know pyroute2\n",
        ),
    ],
)
def test_faults_fail_and_a_missing_index_does_not(
    found: list[dict[str, object]] | str,
    status: int,
    says: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(audit, "report", lambda: found)
    assert (audit.main(), capsys.readouterr().out) == (status, says)
