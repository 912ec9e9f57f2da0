"""Filters that are run for somebody who asks: as always, but nothing counts it."""

from dataclasses import fields

from bgp.policy.decision import Asked, Question
from bgp.policy.evaluate import Policy
from bgp.policy.matches import Sources
from bgp.policy.prefixes import Listed
from grammar.base.values import Prefix
from grammar.filters.model import Filters


class QuietFilters(Filters):
    """The same lists and maps; what a prefix-list says of a next hop is no hit."""

    __slots__ = ()

    def prefix_permits(self, name: str, prefix: Prefix) -> bool:
        """As `Filters.prefix_permits`."""
        found = self.prefix_lists[prefix.afi].get(name)
        return found is not None and Listed(found).would_permit(prefix.key)


class QuietPolicy(Policy):
    """The same policy as another one at this moment; the routes it is asked of have `Noted`."""

    def __init__(self, policy: Policy) -> None:
        before = policy.sources
        quiet = QuietFilters(**{each.name: getattr(policy.filters, each.name) for each in _FIELDS})
        super().__init__(quiet, before.lists, before.aliases, policy.pool)
        self.sources = Sources(quiet, before.lists, before.aliases)
        self.sources.ifindex = before.ifindex
        self.revision = policy.revision


_FIELDS = fields(Filters)


class Noted(Asked):
    """The questions of one evaluation; `looked` tells whether there were any."""

    __slots__ = ("looked",)

    def __init__(self, key: int) -> None:
        super().__init__(key)
        self.looked = False

    def ask(self, question: Question) -> bool:
        """As `Asked.ask`."""
        self.looked = True
        if isinstance(question, Listed):
            return question.would_permit(self.key)
        return question.permits_key(self.key)
