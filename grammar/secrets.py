"""Secrets in lines of configuration: hidden wherever a line is told of other than to its owner."""

import re

HIDDEN = "<hidden>"

_WORD = r"pa(?:s(?:s(?:w(?:o(?:rd?)?)?)?)?)?"
"""`password`, and what of it may stand for it."""

_SECRET = re.compile(
    rf"(?P<head>(?:^\s*(?:do\s+)?(?:en[a-z]*\s+)?p|\b(?:{_WORD}|(?:area|domain)-pass[a-z]*"
    r"|key-string|authentication-key|nhrp\s+authentication"
    r"|message-digest-key\s+\S+(?:\s+md5)?|authentication\s+(?:mode\s+)?(?:string|text|md5)))"
    r"\s+(?:(?:clear|md5|[078])\s+)?)\S.*",
    re.DOTALL,
)
"""The words that a secret follows, those of FRR's other daemons included; it ends with the line."""


def masked(line: str) -> str:
    """The line without what is secret in it: `neighbor 192.0.2.1 password <hidden>`."""
    return _SECRET.sub(rf"\g<head>{HIDDEN}", line, count=1)


def masked_lines(text: str) -> str:
    """A text of several lines, each masked."""
    return "\n".join(masked(line) for line in text.split("\n"))
