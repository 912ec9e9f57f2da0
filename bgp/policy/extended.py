"""Extended communities as FRR writes them (RFC 4360, 7432, 8955 and others)."""

from collections.abc import Callable
from math import copysign, isfinite, isnan
from struct import unpack
from typing import Final

from grammar.base.values import Afi, address_text

_ROUTE_TARGET: Final = {2: "RT", 3: "SoO"}
_VALIDATION: Final = {0: "valid", 1: "not-found", 2: "invalid"}
_EVPN, _OPAQUE, _REDIRECT_IP, _ORIGIN_VALIDATION = 0x06, 0x03, 0x08, 0x43
_GENERIC: Final = 0x80
_UNITS: Final = ((10**9, "Gbps"), (10**6, "Mbps"), (10**3, "Kbps"))
_REDIRECT_ROOM: Final = 15
"""FRR writes the target of a redirection into a buffer that has room for so much."""


def extended_text(value: int) -> str:
    """`RT:65000:1`, `SoO:...`, `FS:rate ...`; other kinds as FRR's `UNK:type, subtype`."""
    return _text(value, named=True)


def filter_text(value: int) -> str:
    """The same as flow specifications show it: targets and origins without their name."""
    return _text(value, named=False)


def _text(value: int, *, named: bool) -> str:
    kind, subtype = value >> 56, value >> 48 & 0xFF
    if kind & 0x7F <= 2:
        name = _ROUTE_TARGET.get(subtype)
        if name is not None:
            return f"{name}:{_pair(value)}" if named else _pair(value)
        if kind in (0x00, 0x40) and subtype == 4:
            return _bandwidth(value)
        if kind & _GENERIC:
            return _flowspec(value, subtype) or f"UNK:{kind}, {subtype}"
    if kind == 0x40 and subtype == 4:
        return _bandwidth(value)
    special = _SPECIAL.get((kind, subtype))
    if special is not None:
        return special(value)
    # FRR leaves the sub type of these two out.
    return f"UNK:{kind}, {0 if kind in (_EVPN, _OPAQUE) else subtype}"


def _pair(value: int) -> str:
    """The administrator, in the form that the type says, and the number it assigned."""
    kind = value >> 56 & 0x7F
    if kind == 0:
        return f"{value >> 32 & 0xFFFF}:{value & 0xFFFFFFFF}"
    high = value >> 16 & 0xFFFFFFFF
    return f"{address_text(Afi.IPV4, high) if kind == 1 else high}:{value & 0xFFFF}"


def _flowspec(value: int, subtype: int) -> str | None:
    """The actions of RFC 8955 sec. 7."""
    if subtype in (0x08, 0x0B):
        return "FS:redirect VRF " + f"RT:{_pair(value)}"[:_REDIRECT_ROOM]
    if value >> 56 != _GENERIC:
        return None
    if subtype == 0x06:
        return f"FS:rate {_float(value)}"
    if subtype == 0x07:
        return "FS:action eval stops"
    return f"FS:marking {value & 0xFF}" if subtype == 0x09 else None


def _rate(value: int) -> float:
    rate: float = unpack("!f", (value & 0xFFFFFFFF).to_bytes(4, "big"))[0]
    return rate


def _float(value: int) -> str:
    rate = _rate(value)
    if isnan(rate):
        return "-nan" if copysign(1, rate) < 0 else "nan"
    return f"{rate:f}"


def _bandwidth(value: int) -> str:
    rate = _rate(value)
    octets = int(rate) & 0xFFFFFFFF if isfinite(rate) else 0
    for unit, name in _UNITS:
        if octets * 8 >= unit:
            shown = f"{octets * 8 // unit:.3f} {name}"
            break
    else:
        shown = f"{octets * 8} bps"
    return f"LB:{value >> 32 & 0xFFFF}:{octets} ({shown})"


def _mac(value: int) -> str:
    return (value & 0xFFFFFFFFFFFF).to_bytes(6, "big").hex(":")


def _mobility(value: int) -> str:
    return f"MM:{value & 0xFFFFFFFF}{', sticky MAC' if value >> 40 & 1 else ''}"


_SPECIAL: Final[dict[tuple[int, int], Callable[[int], str]]] = {
    (_EVPN, 0): _mobility,
    (_EVPN, 1): lambda value: f"ESI-label-Rt:{'SA' if value >> 40 & 1 else 'AA'}",
    (_EVPN, 2): lambda value: f"ES-Import-Rt:{_mac(value)}",
    (_EVPN, 3): lambda value: f"Rmac:{_mac(value)}",
    (_OPAQUE, 0x0C): lambda value: f"ET:{value & 0xFFFF}",
    (_REDIRECT_IP, 0): lambda value: f"FS:redirect IP 0x{value & 0xFF:x}",
    (_ORIGIN_VALIDATION, 0): lambda value: f"OVS:{_VALIDATION.get(value & 0xFF, 'ERROR')}",
}
