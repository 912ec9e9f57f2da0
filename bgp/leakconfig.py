"""What an instance's unicast family says of routes for and from other instances.

`bgp.config` has the names of this module too; nothing leaks yet, the lines are kept and printed.
"""

from dataclasses import dataclass, field

from grammar.base.values import Address


@dataclass(slots=True, eq=False)
class LeakConfig:
    """The lines `... vpn ...` and `import vrf ...` of one family.

    `label` and `sid` are a number or "auto"; `rd` and the route targets are as they print.
    """

    import_map: str | None = None
    export_map: str | None = None
    label: int | str | None = None
    sid: int | str | None = None
    rd: str | None = None
    nexthop: Address | None = None
    rt_import: tuple[str, ...] = ()
    rt_export: tuple[str, ...] = ()
    rt_redirect: tuple[str, ...] = ()
    exports: bool | None = None
    imports: bool | None = None
    vrfs: dict[str, None] = field(default_factory=dict)
    """Instances whose routes are imported (`import vrf`), in typed order."""
