"""`COMMAND | include REGEX`: the lines of an answer in which a pattern is found."""

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grammar.expression.automaton import Search

_FILTER = re.compile(r"(.*?)\s\|\s+(\S+)(?:\s+(.*))?\Z", re.DOTALL)


_REASONS = {
    "": "Regular expression too big",
    "Bad repetition operator": "Invalid preceding regular expression",
    "Invalid character class name": "Invalid character class name",
    "Invalid collating element": "Invalid collation character",
    "Invalid endpoint in range expression": "Invalid range end",
    "Invalid number in \\digit construction": "Invalid back reference",
    "Invalid {...} expression": r"Invalid content of \{\}",
    "Regex ended with escape character (\\)": "Trailing backslash",
    "Unbalanced braces": r"Unmatched \{",
    "Unbalanced parentheses": r"Unmatched ( or \(",
    "Unbalanced square brackets": "Unmatched [, [^, [:, [., or [=",
}
"""The words of the C library, which FRR's filter has, for those that FRR's `find` has."""


class FilterError(ValueError):
    """The filter cannot be used; the text is FRR's, with its newlines."""


def split_filter(text: str) -> "tuple[str, Search] | None":
    """The command and the pattern of a line with a filter; None without one; FilterError."""
    if "|" not in text:
        return None
    found = _FILTER.match(text)
    if found is None:
        return None
    command, action, pattern = found.groups()
    if action != "include":
        raise FilterError(f"% Unknown action '{action}'\n")
    if not pattern:
        raise FilterError("% Need a regexp to filter with\n")
    from grammar.expression.automaton import expression  # few lines have a filter
    from grammar.expression.syntax import ExpressionError

    try:
        return command, expression(pattern, edges=False)
    except ExpressionError as error:
        why = _REASONS.get(str(error), "Invalid regular expression")
        said = f"% Regex compilation error: {why}\n"
        raise FilterError(f"{said}% Bad regexp '{pattern}'\n") from None


def included(chunks: Iterable[str], wanted: "Search") -> Iterator[str]:
    """The lines of a text in chunks in which the pattern is found."""
    rest = ""
    for chunk in chunks:
        if not chunk:
            yield chunk  # a pause
            continue
        *lines, rest = (rest + chunk).split("\n")
        yield from (f"{line}\n" for line in lines if wanted.found(line))
    if rest and wanted.found(rest):
        yield rest
