"""What is looked for. Each module has its rules as rows, and one function that finds them."""

from collections.abc import Callable, Iterator

from pyvtysh.lint.reading import Reading
from pyvtysh.lint.report import Finding, Rule
from pyvtysh.lint.rules import filters, names, neighbors, routes, secrets, syntax

RULES: tuple[Rule, ...] = (
    *syntax.RULES,
    *names.RULES,
    *neighbors.RULES,
    *filters.RULES,
    *routes.RULES,
    *secrets.RULES,
)
"""Every rule, by topic."""

CHECKS: tuple[Callable[[Reading], Iterator[Finding]], ...] = (
    syntax.check,
    names.check,
    neighbors.check,
    filters.check,
    routes.check,
    secrets.check,
)
"""What finds them."""


def findings(reading: Reading) -> list[Finding]:
    """All findings in a file, in the order of its lines."""
    found = [finding for check in CHECKS for finding in check(reading)]
    return sorted(dict.fromkeys(found), key=lambda finding: finding.order)
