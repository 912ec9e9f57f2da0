"""What was configured in zebra: only what was typed is set, None stands for the default."""

from dataclasses import dataclass, field

from grammar.base.values import Address, Afi, Prefix
from grammar.filters.model import Filters


@dataclass(frozen=True, slots=True)
class AddressConfig:
    """One `ip address` or `ipv6 address` line; `prefix` keeps its host bits."""

    prefix: Prefix
    peer: Prefix | None = None
    label: str | None = None


@dataclass(slots=True, eq=False)
class InterfaceConfig:
    """One `interface NAME`; `shutdown` False means that `no shutdown` was typed.

    `opened` tells whether its block was ever typed; the kernel's interfaces have one without.
    """

    name: str
    opened: bool = False
    description: str | None = None
    bandwidth: int | None = None
    shutdown: bool | None = None
    multicast: bool | None = None
    link_detect: bool | None = None
    addresses: dict[AddressConfig, None] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """True when nothing of it prints (`no shutdown` does not)."""
        return not (self.addresses or self.shutdown) and all(
            value is None
            for value in (
                self.description,
                self.bandwidth,
                self.multicast,
                self.link_detect,
            )
        )


@dataclass(slots=True, eq=False)
class VrfConfig:
    """One `vrf NAME`; `vni` with True for `prefix-routes-only`."""

    name: str
    vni: tuple[int, bool] | None = None
    resolve_via_default: dict[Afi, None] = field(default_factory=dict)
    router_ids: dict[Afi, Address] = field(default_factory=dict)


CLAUSES = frozenset(
    {
        "interface",
        "tag",
        "ip address",
        "ip address prefix-list",
        "ip address prefix-len",
        "ip next-hop",
        "ip next-hop prefix-list",
        "ip next-hop prefix-len",
        "ip next-hop type",
        "ipv6 address",
        "ipv6 address prefix-list",
        "ipv6 address prefix-len",
        "ipv6 next-hop type",
        "source-protocol",
        "source-instance",
        "set src",
    }
)
"""The lines that zebra acts on; the others it keeps and prints for bgpd's sake (FRR)."""


@dataclass(slots=True, eq=False)
class ZebraConfig:
    """All of zebra's configuration.

    `forwarding` is not configuration in FRR but the state of the kernel, which the printed lines
    follow; `Zebra` fills it from there.
    """

    router_id: Address | None = None
    router_id6: Address | None = None
    interfaces: dict[str, InterfaceConfig] = field(default_factory=dict)
    vrfs: dict[str, VrfConfig] = field(default_factory=dict)
    nht_resolve_via_default: bool | None = None
    nht_resolve_via_default6: bool | None = None
    forwarding: dict[Afi, bool] = field(default_factory=dict)
    filters: Filters = field(default_factory=lambda: Filters(clauses=CLAUSES))
    route_map_delay: int | None = None
    """Seconds until a change of route-maps has effect."""
    debug: dict[str, str] = field(default_factory=dict)
    """What follows `debug zebra`, by its leading words: `rib` gives `rib` or `rib detailed`."""

    def interface(self, name: str) -> InterfaceConfig:
        """The lines of an interface, made on first use."""
        found = self.interfaces.get(name)
        if found is None:
            found = self.interfaces[name] = InterfaceConfig(name)
        return found

    def resolve_via_default(self, afi: Afi) -> bool:
        """Whether next hops of a family may resolve over the default route."""
        value = self.nht_resolve_via_default
        return bool(value if afi is Afi.IPV4 else self.nht_resolve_via_default6)


def name_key(name: str) -> tuple[tuple[int, int | str], ...]:
    """FRR's order of interface names: letters and numbers compared part by part."""
    parts: list[tuple[int, int | str]] = []
    digits = letters = ""
    for char in name:
        if char.isdigit():
            if letters:
                parts.append((1, letters))
                letters = ""
            digits += char
        else:
            if digits:
                parts.append((0, int(digits)))
                digits = ""
            letters += char
    parts.append((0, int(digits)) if digits else (1, letters))
    return tuple(parts)
