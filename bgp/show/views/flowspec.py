"""Views of flow specifications: `show bgp ipv4 flowspec` and its detail."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bgp.show.views.table import RowPath, TableHead


@dataclass(frozen=True, slots=True)
class Part:
    """One component of a rule: its names in JSON and in the detail, and what it says.

    The first name is also that of the table's text.
    """

    key: str
    title: str
    value: str


@dataclass(frozen=True, slots=True)
class RuleText:
    """A rule; `size` is how many bytes it has on the wire."""

    parts: tuple[Part, ...]
    size: int

    @property
    def line(self) -> str:
        """The rule in one line, without an end blank cut."""
        return " ".join(f"{part.key} {part.value}" for part in self.parts)


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule and its paths, as FRR orders them."""

    rule: RuleText
    paths: tuple[RowPath, ...]


@dataclass(frozen=True, slots=True)
class RulesView:
    """`show bgp A flowspec`; `rows`, `total` and `told` as in `TableView`."""

    head: TableHead
    rows: Iterable[RuleRow | None]
    wide: bool = False
    total: Callable[[], int] | None = None
    told: bool = True


@dataclass(frozen=True, slots=True)
class RulesToldView:
    """The same for what a neighbor was told or sent; `key` names the JSON object."""

    head: TableHead
    key: str
    rows: Iterable[RuleRow | None]
    wide: bool = False


@dataclass(frozen=True, slots=True)
class RulePath:
    """A path in the detail: FRR's flags, its extended communities, its age in seconds.

    Text tells the next hop, and does so of paths with extended communities only.
    """

    flags: int
    extended: tuple[str, ...]
    age: int
    nexthop: str | None = None


@dataclass(frozen=True, slots=True)
class RuleEntry:
    """A rule in the detail."""

    rule: RuleText
    paths: tuple[RulePath, ...]


@dataclass(frozen=True, slots=True)
class RulesDetail:
    """`show bgp A flowspec detail`, walked once; None is a pause."""

    entries: Iterable[RuleEntry | None]


@dataclass(frozen=True, slots=True)
class RulesFound:
    """`show bgp A flowspec PREFIX`: the rules that name an address or a prefix."""

    entries: tuple[RuleEntry, ...]
