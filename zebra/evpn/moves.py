"""Moves of a MAC address between routers, and when they are too many."""

from grammar.base.clock import Clock
from zebra.evpn.state import Mac
from zebra.zapi.messages import DuplicateAddrDetection


def moved(mac: Mac, detection: DuplicateAddrDetection, clock: Clock, *, local: bool) -> None:
    """Count a move: one that is seen here starts the timer of RFC 7432 section 15.1."""
    if not detection.enable or mac.duplicate is not None:
        return
    now = clock.now()
    over = now - mac.window > detection.time
    if local and (not mac.moves or over):
        mac.window, mac.first_move, mac.moves = now, clock.wall(), 0
    elif over:
        mac.moves = 0
    if local or mac.moves:
        mac.moves += 1
    if mac.moves >= detection.max_moves:
        mac.duplicate = clock.wall()


def forget_moves(mac: Mac) -> None:
    """`clear evpn dup-addr`: as if it had never moved."""
    mac.moves, mac.duplicate = 0, None
