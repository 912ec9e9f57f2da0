"""Passwords that everybody on the machine can read."""

import stat
from collections.abc import Iterator

from pyvtysh.lint.reading import Reading, Statement
from pyvtysh.lint.report import Finding, Rule, Severity

READABLE = Rule(
    "readable-password", Severity.WARNING, "A password in a file that everybody can read."
)
RULES = (READABLE,)

_WORDS = {
    "password",
    "authentication-key",
    "message-digest-key",
    "key-string",
    "area-password",
    "domain-password",
}
"""Words of lines that hold a secret, those of FRR's other daemons included."""


def check(reading: Reading) -> Iterator[Finding]:
    """The first line with a password, if the permissions of the file are that wide."""
    if reading.mode is None or not reading.mode & stat.S_IROTH:
        return
    lines = [statement for statement in reading.statements if _is_secret(statement)]
    for statement in lines[:1]:
        more = f", as do {len(lines) - 1} more" if len(lines) > 1 else ""
        mode = f"mode {stat.S_IMODE(reading.mode):04o}"
        message = f"the line holds a password{more}, and everybody can read the file ({mode})"
        yield READABLE.at(statement.number, statement.column(), message, "`chmod o= FILE` mends it")


def _is_secret(statement: Statement) -> bool:
    if statement.removes:
        return False
    if statement.command is not None:
        return "password" in statement.notation.split()
    return bool(_WORDS.intersection(statement.words))
