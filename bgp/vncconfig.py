"""What was configured for VNC, FRR's control of virtual networks, and its RFP example.

All of it is kept and printed, none of it has an effect.
"""

from dataclasses import dataclass, field

from grammar.base.values import Address, Prefix


@dataclass(slots=True, eq=False)
class VncGroup:
    """`vnc defaults`, `vnc nve-group NAME`, or `vrf-policy NAME`. A lifetime is in seconds or
    `infinite`; `targets` are lists of route targets as typed, by `import` and `export`; `filters`
    maps the words of a line (`export bgp ipv4 prefix-list`) to the name of its list."""

    name: str = ""
    label: int | None = None
    nexthop: Address | str | None = None
    """Of a policy: an address or `self`."""
    rd: str | None = None
    lifetime: str | None = None
    targets: dict[str, str] = field(default_factory=dict)
    prefixes: dict[str, Prefix] = field(default_factory=dict)
    """By `vn` and `un`."""
    filters: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class L2Group:
    """`vnc l2-group NAME`."""

    name: str
    network: int | None = None
    labels: dict[int, None] | None = None
    targets: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class VncConfig:
    """All lines of VNC in `router bgp`; `filters` and `targets` as in `VncGroup`."""

    policies: dict[str, VncGroup] = field(default_factory=dict)
    example: int | None = None
    holddown: int | None = None
    full_download: str | None = None
    l2_groups: dict[str, L2Group] = field(default_factory=dict)
    defaults: VncGroup = field(default_factory=VncGroup)
    groups: dict[str, VncGroup] = field(default_factory=dict)
    export_mode: str | None = None
    """Of what is given to BGP; None: none."""
    export_groups: dict[tuple[str, str], None] = field(default_factory=dict)
    """`vnc export bgp|zebra group-nve group NAME`."""
    redistribute_group: str | None = None
    redistribute_lifetime: int | None = None
    resolve_admin: int | None = None
    redistribute_mode: str | None = None
    filters: dict[str, str] = field(default_factory=dict)
    redistribute: dict[str, None] = field(default_factory=dict)
    """`ipv4 bgp` and the like."""
    view: str | None = None
    """The view of `bgp-direct-to-nve-groups`, the same for both."""
    unknown: int = 0
    """Endpoints that were refused since the counters began: a state, which does not print."""
