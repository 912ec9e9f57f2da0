"""Views of what zebra allots, SRv6 locators, and of configured labels and pseudowires."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from grammar.base.values import Prefix
from zebra.config import PseudowireConfig, bound_labels, prefix_order
from zebra.locators import Loan, block_bits
from zebra.switching import Switch

if TYPE_CHECKING:
    from zebra.zebra import Zebra


@dataclass(frozen=True, slots=True)
class LocatorRow:
    """A locator that has a prefix, and what is lent of it."""

    name: str
    prefix: Prefix
    function_bits: int
    loan: Loan

    @property
    def block_bits(self) -> int:
        """Bits of its prefix before those of the node."""
        return block_bits(self.prefix)


@dataclass(frozen=True, slots=True)
class LocatorList:
    """All locators, in the order of their coming."""

    rows: tuple[LocatorRow, ...]


@dataclass(frozen=True, slots=True)
class LocatorDetail:
    """One locator."""

    row: LocatorRow


def locators(zebra: "Zebra") -> LocatorList:
    """All that have a prefix."""
    return LocatorList(
        tuple(
            LocatorRow(
                each.name,
                each.prefix,
                each.function_bits or 0,
                zebra.allotments.locators.loans[each.name],
            )
            for each in zebra.config.locators.values()
            if each.prefix is not None
        )
    )


def locator(zebra: "Zebra", name: str) -> LocatorDetail | None:
    """The one of a name, if there is such."""
    found = [row for row in locators(zebra).rows if row.name == name]
    return LocatorDetail(found[0]) if found else None


@dataclass(frozen=True, slots=True)
class LabelBindings:
    """Prefixes, the labels bound to them as they print, and the clients that asked for them."""

    rows: tuple[tuple[Prefix, str | None, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class PseudowireList:
    """Pseudowires by their names; without MPLS in the kernel they are down."""

    rows: tuple[tuple[str, PseudowireConfig], ...]
    detail: bool


@dataclass(frozen=True, slots=True)
class SwitchedTable:
    """All switched paths, by the label that comes in."""

    rows: tuple[tuple[int, Switch], ...]


@dataclass(frozen=True, slots=True)
class SwitchedLabel:
    """The switched paths of one label that comes in."""

    label: int
    rows: tuple[Switch, ...]


def switched(zebra: "Zebra") -> SwitchedTable:
    """All switched paths."""
    return SwitchedTable(tuple(zebra.config.switched.every()))


def switched_label(zebra: "Zebra", label: int) -> SwitchedLabel:
    """Those of one label."""
    return SwitchedLabel(label, tuple(zebra.config.switched.of(label)))


def label_bindings(zebra: "Zebra", only: Prefix | None) -> LabelBindings:
    """All labels, or that of one prefix."""
    labels: dict[Prefix, str | None] = dict(bound_labels(zebra.config))
    clients: dict[Prefix, tuple[str, ...]] = {}
    for prefix, fec in zebra.allotments.fecs.known.items():
        label = zebra.allotments.fecs.label(prefix)
        labels.setdefault(prefix, None if label is None else str(label))
        clients[prefix] = tuple(f"{one.name}(fd {one.number})" for one in fec.clients)
    rows = [(one, labels[one], clients.get(one, ())) for one in sorted(labels, key=prefix_order)]
    return LabelBindings(tuple(row for row in rows if only in (None, row[0])))


def pseudowires(zebra: "Zebra", *, detail: bool) -> PseudowireList:
    """All pseudowires."""
    return PseudowireList(tuple(sorted(zebra.config.pseudowires.items())), detail)
