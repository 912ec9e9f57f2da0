"""What a BGP role makes of routes: Only to Customer (RFC 9234 sec. 5), in unicast families.

As in FRR the own role counts alone, whether or not the neighbour told its own.
"""

from typing import Final

from bgp.attrs import AttrSet

_ABOVE: Final = {"provider", "rs-server"}
"""Own roles towards neighbours that must not bring back what came from above or from peers."""
_BELOW: Final = {"customer", "rs-client"}


def leaks(role: str | None, remote_as: int, attrs: AttrSet) -> bool:
    """True for a route that a neighbour must not have sent: somebody leaked it."""
    if role is None or attrs.otc is None:
        return False
    return role in _ABOVE or (role == "peer" and attrs.otc != remote_as)


def mark_in(role: str | None, remote_as: int, attrs: AttrSet) -> int | None:
    """The mark that a route without one gets on its way in."""
    if role is None or attrs.otc is not None or role in _ABOVE:
        return None
    return remote_as


def kept_back(role: str | None, attrs: AttrSet) -> bool:
    """True for a route that goes to customers only, and the neighbour is none."""
    return role is not None and role not in _ABOVE and attrs.otc is not None


def mark_out(role: str | None, own_as: int, attrs: AttrSet) -> int | None:
    """The mark that a route without one gets on its way out."""
    if role is None or attrs.otc is not None or role in _BELOW:
        return None
    return own_as
