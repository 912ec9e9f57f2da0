"""What a check finds, and how it is printed: as text for people, as JSON for programs."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum

_SHOWN = 60
"""Characters of a word that a message repeats."""

_LONGEST = 300
"""Characters of a message."""


class Severity(Enum):
    """How bad it is: a line that does not do what it says; one that hardly does; a remark."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Rule:
    """Something that is looked for: `words` say in one sentence what."""

    name: str
    severity: Severity
    words: str

    def at(self, line: int, column: int, message: str, hint: str | None = None) -> "Finding":
        """A finding of this rule; lines and columns count from 1."""
        hint = None if hint is None else escaped(hint, _LONGEST)
        return Finding(line, column, self, escaped(message, _LONGEST), hint)


@dataclass(frozen=True, slots=True)
class Finding:
    """A place in a file and what is wrong there; `hint` is what could be done."""

    line: int
    column: int
    rule: Rule
    message: str
    hint: str | None = None

    @property
    def order(self) -> tuple[int, int, str, str]:
        """The sort key: as in the file."""
        return self.line, self.column, self.rule.name, self.message


@dataclass(frozen=True, slots=True)
class FileReport:
    """One file: its findings, or why it could not be read."""

    path: str
    findings: list[Finding] = field(default_factory=list)
    unreadable: str | None = None


def escaped(text: str, most: int | None = None) -> str:
    """A text with all that cannot be printed escaped, cut after so many characters."""
    shown = text if most is None or len(text) <= most else f"{text[:most]}..."
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in shown)


def word(text: str) -> str:
    """A word that somebody typed, no longer than is useful."""
    return escaped(text, _SHOWN)


def as_text(reports: Iterable[FileReport]) -> str:
    """A line for each finding, as compilers have it: `FILE:LINE:COLUMN: SEVERITY: ... [RULE]`."""
    lines = []
    for report in reports:
        path = escaped(report.path)
        for found in report.findings:
            hint = "" if found.hint is None else f"; {found.hint}"
            place = f"{path}:{found.line}:{found.column}"
            rule = found.rule
            lines.append(f"{place}: {rule.severity.value}: {found.message}{hint} [{rule.name}]\n")
    return "".join(lines)


def as_json(reports: Iterable[FileReport]) -> str:
    """An object of `files`, each with its `findings` or `unreadable`."""
    files = [_file(report) for report in reports]
    return json.dumps({"files": files}, indent=2) + "\n"


def _file(report: FileReport) -> dict[str, object]:
    path = escaped(report.path)
    if report.unreadable is not None:
        return {"file": path, "unreadable": report.unreadable, "findings": []}
    return {"file": path, "findings": [_finding(found) for found in report.findings]}


def _finding(found: Finding) -> dict[str, object]:
    return {
        "line": found.line,
        "column": found.column,
        "severity": found.rule.severity.value,
        "rule": found.rule.name,
        "message": found.message,
        "hint": found.hint,
    }
