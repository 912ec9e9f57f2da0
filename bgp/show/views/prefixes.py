"""The view of a neighbor's outbound route filter."""

from dataclasses import dataclass

from grammar.filters.model import PrefixRule


@dataclass(frozen=True, slots=True)
class ReceivedFilter:
    """`show bgp neighbors X received prefix-filter`: rules by their numbers."""

    family: str
    name: str
    rules: tuple[tuple[int, PrefixRule], ...]
