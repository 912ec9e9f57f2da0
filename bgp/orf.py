"""Outbound route filters of a neighbour in a family (RFC 5291, 5292), as FRR trades them.

The inbound prefix-list goes to a neighbour that takes it, who then leaves out what it denies; one
that sends its own is announced nothing until it did, or asked for routes without.
"""

from typing import TYPE_CHECKING, Final
from weakref import ref

from bgp.wire import outboundfilter
from bgp.wire.message import MessageType, pack
from bgp.wire.outboundfilter import (
    OLD_PREFIXES,
    PREFIXES,
    Action,
    Entry,
    OldOutboundFiltering,
    OrfMode,
    OutboundFiltering,
    When,
)
from bgp.wire.refresh import Refresh, RefreshKind
from grammar.base.values import Prefix
from grammar.filters.model import PrefixList, PrefixRule

if TYPE_CHECKING:
    from bgp.config import Family, PeerFamilyConfig
    from bgp.peerfamily import PeerFamily
    from bgp.wire.open import Open

_TYPES: Final = {OutboundFiltering: PREFIXES, OldOutboundFiltering: OLD_PREFIXES}


def wanted(lines: "PeerFamilyConfig | None") -> OrfMode:
    """What `capability orf prefix-list` offers."""
    mode = OrfMode(0)
    if lines is not None and lines.orf_receive:
        mode |= OrfMode.RECEIVE
    if lines is not None and lines.orf_send:
        mode |= OrfMode.SEND
    return mode


def offered(message: "Open | None", family: "Family") -> dict[int, OrfMode]:
    """What an OPEN offers of a family, by type of filter: each under its own code, as in FRR."""
    found: dict[int, OrfMode] = {}
    for one in () if message is None else message.capabilities:
        kind = _TYPES.get(type(one))  # type: ignore[arg-type]
        if kind is None or not isinstance(one, OutboundFiltering):
            continue
        for afi, safi, types in one.entries:
            modes = [mode for each, mode in types if each == kind and 0 < mode < 4]
            if (afi, safi) == family and modes:
                found[kind] = OrfMode(modes[-1])
    return found


class RouteFilters:
    """The filters that one family of a session sends and has received."""

    __slots__ = ("_of", "kind", "received", "sent", "takes", "waiting")

    def __init__(self, state: "PeerFamily") -> None:
        self._of = ref(state)  # which holds this one
        self.kind: int | None = None
        """The type of what is sent; None if the neighbour takes none."""
        self.takes = False
        """The neighbour's filters are applied."""
        self.sent = False
        self.waiting = False
        """Nothing is announced before the neighbour sent its filters, or asked for routes."""
        self.received: PrefixList | None = None
        """Another object with each change."""

    @property
    def _state(self) -> "PeerFamily":
        state = self._of()
        assert state is not None
        return state

    @property
    def applied(self) -> PrefixList | None:
        """The neighbour's filter, if it is in force."""
        return self.received if self.takes else None

    def up(self) -> None:
        """The session is up: send the list, and wait for the neighbour's."""
        state = self._state
        theirs = offered(state.peer.main.session.peer_open, state.family)
        ours = wanted(state.config)
        takers = [kind for kind, mode in sorted(theirs.items()) if mode & OrfMode.RECEIVE]
        self.kind = takers[0] if takers and ours & OrfMode.SEND else None
        self.takes = bool(
            ours & OrfMode.RECEIVE and any(mode & OrfMode.SEND for mode in theirs.values())
        )
        self.waiting, self.sent, self.received = self.takes, False, None
        if self._list() is not None:
            self._send_list()

    def down(self) -> None:
        """The session is gone, and what was received with it."""
        self.kind, self.received = None, None
        self.sent = self.waiting = self.takes = False

    # --- what is sent ----------------------------------------------------------------------------

    def renew(self) -> bool:
        """The list changed, or an operator wants it sent again; False if the neighbour is to be
        asked for its routes instead."""
        if self.kind is None:
            return True
        if self._list() is not None:
            if self.sent:
                self._send(When.DEFER, Entry(Action.FRR_REMOVE_ALL).encode())
            self._send_list()
        elif self.sent:
            self._send(When.IMMEDIATE, Entry(Action.FRR_REMOVE_ALL).encode())
            self.sent = False
        else:
            return False
        return True

    def _list(self) -> PrefixList | None:
        name = self._state.config.prefix_list_in
        if name is None or self.kind is None:
            return None
        filters = self._state.peer.instance.bgpd.config.filters
        return filters.prefix_list(name, self._state.family[0])

    def _send_list(self) -> None:
        found = self._list()
        assert found is not None  # the callers looked
        entries = (_entry(found, number, rule) for number, rule in found.rules.items())
        self._send(When.IMMEDIATE, b"".join(entry.encode() for entry in entries))
        self.sent = True

    def _send(self, when: When, entries: bytes) -> None:
        assert self.kind is not None
        filters = outboundfilter.encode(self.kind, when, entries)
        afi, safi = self._state.family
        body = Refresh(afi, safi, RefreshKind.REQUEST, filters).encode()
        self._state.peer.main.send(pack(MessageType.ROUTE_REFRESH, body), MessageType.ROUTE_REFRESH)

    # --- what is received ------------------------------------------------------------------------

    def refreshed(self, filters: bytes) -> bool:
        """A ROUTE-REFRESH came, with filters or without; True if routes are to be repeated."""
        now, entries = outboundfilter.decode(filters, self._state.family[0])
        if entries is None:
            self.received = None
        elif entries:
            self.received = self._changed(entries)
        if not now:
            return False
        changed = self.waiting or self.applied is not self._told
        self.waiting = False
        if changed:
            self._state.regroup()
        return not changed

    @property
    def _told(self) -> PrefixList | None:
        group = self._state.group
        chain = None if group is None else group.profile.chain
        return None if chain is None else chain.received

    def _changed(self, entries: list[Entry]) -> PrefixList | None:
        family, rules = self._state.family, dict(self.received.rules if self.received else {})
        for entry in entries:
            if entry.prefix is None:
                rules.clear()
            elif entry.action is Action.REMOVE:
                rules.pop(entry.sequence, None)
            else:
                low, high = entry.low or None, entry.high or None
                high = None if low is not None and high == family[0].bits else high
                rules[entry.sequence] = PrefixRule(entry.permit, entry.prefix, low, high)
        if not rules:
            return None
        name = f"{self._state.peer}.{int(family[0])}.{int(family[1])}"
        made = PrefixList(name=name, afi=family[0])
        for number, rule in rules.items():
            made.put(number, rule)
        return made


def _entry(found: PrefixList, number: int, rule: PrefixRule) -> Entry:
    prefix = rule.prefix or Prefix(found.afi, 0, 0)
    high = found.afi.bits if rule.prefix is None else rule.le or 0
    return Entry(Action.ADD, rule.permit, number, rule.ge or 0, high, prefix)
