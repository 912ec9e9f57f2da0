"""What an instance's unicast family says of routes for and from other instances.

`bgp.config` has the names of this module too; nothing leaks yet, the lines are kept and printed.
"""

from dataclasses import dataclass, field

from grammar.base.values import Address

_MOST_AS2, _MOST_AS4, _MOST_NUMBER2, _MOST_NUMBER4 = 0xFFFF, 0xFFFFFFFF, 0xFFFF, 0xFFFFFFFF


@dataclass(slots=True, eq=False)
class VpnConfig:
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


def administrator_and_number(text: str) -> str | None:
    """A route distinguisher or route target as it prints: `ASN:NN` or `A.B.C.D:NN` (RFC 4364
    sec. 4.2); None if the text is neither."""
    administrator, _, number = text.partition(":")
    if not number.isdecimal() or not number.isascii():
        return None
    if "." in administrator:
        octets = administrator.split(".")
        if len(octets) != 4 or not all(part.isdecimal() and int(part) < 256 for part in octets):
            return None
        administrator, most = ".".join(str(int(part)) for part in octets), _MOST_NUMBER2
    elif administrator.isdecimal() and int(administrator) <= _MOST_AS4:
        value = int(administrator)
        administrator, most = str(value), _MOST_NUMBER4 if value <= _MOST_AS2 else _MOST_NUMBER2
    else:
        return None
    return f"{administrator}:{int(number)}" if int(number) <= most else None
