"""What the checks of files (`vtysh --lint`) say of a candidate."""

from collections import Counter

from pyvtysh.lint.command import check_bytes
from pyvtysh.lint.report import Finding, Severity


def new_findings(runs: str, candidate: str) -> list[str]:
    """Errors and warnings about the candidate that are none about what runs, as sentences."""
    known = Counter(_key(found) for found in _findings(runs))
    lines = candidate.split("\n")
    said = []
    for found in _findings(candidate):
        key = _key(found)
        if known[key]:
            known[key] -= 1
        elif found.rule.severity is not Severity.NOTE:
            line = lines[found.line - 1].strip()
            severity = found.rule.severity.value
            said.append(f"{severity}: {found.message}: `{line}` [{found.rule.name}]")
    return said


def _findings(text: str) -> list[Finding]:
    return check_bytes("", text.encode("utf-8", "surrogateescape")).findings


def _key(found: Finding) -> tuple[str, str]:
    return found.rule.name, found.message
