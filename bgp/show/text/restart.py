"""Graceful restart of a neighbor as text."""

from collections.abc import Iterator

from bgp.show.views.neighbor import Graceful


def _yes(value: bool) -> str:
    return "Yes" if value else "No"


def graceful_lines(graceful: Graceful) -> Iterator[str]:
    """Within `show bgp neighbors`."""
    yield "  Graceful restart information:\n"
    sent = [family.name for family in graceful.families if family.sent]
    received = [family.name for family in graceful.families if family.received]
    if graceful.families:
        yield f"    End-of-RIB send: {', '.join(sent)}\n"
        yield f"    End-of-RIB received: {', '.join(received)}\n"
    if graceful.restart_left is not None:
        yield f"    The remaining time of restart timer is {graceful.restart_left}\n"
    if graceful.stale_left is not None:
        yield f"    The remaining time of stalepath timer is {graceful.stale_left}\n"
    yield from graceful_state(graceful)


def graceful_state(graceful: Graceful) -> Iterator[str]:
    """What `show bgp neighbors graceful-restart` has of it too."""
    yield f"    Local GR Mode: {graceful.local_mode}\n"
    yield f"    Remote GR Mode: {graceful.remote_mode}\n"
    yield f"    R bit: {graceful.restart_bit}\n"
    yield f"    N bit: {graceful.notification_bit}\n"
    yield "    Timers:\n"
    yield f"      Configured Restart Time(sec): {graceful.configured_time}\n"
    yield f"      Received Restart Time(sec): {graceful.received_time}\n"
    if graceful.restart_left is not None:
        # FRR says it twice.
        yield f"      Restart Time Remaining(sec): {graceful.restart_left}\n" * 2
    for family in filter(lambda family: family.in_full, graceful.families):
        yield f"    {family.name}:\n"
        yield f"      F bit: {family.forwarding}\n"
        yield f"      End-of-RIB sent: {_yes(family.sent)}\n"
        yield f"      End-of-RIB sent after update: {_yes(family.sent_after_update)}\n"
        yield f"      End-of-RIB received: {_yes(family.received)}\n"
        yield "      Timers:\n"
        yield f"        Configured Stale Path Time(sec): {family.stalepath_time}\n"
        if family.stale_left is not None:
            yield f"      Stale Path Remaining(sec): {family.stale_left}\n"
        if family.defer_time is not None:
            yield f"        Configured Selection Deferral Time(sec): {family.defer_time}\n"
        if family.defer_left is not None:
            yield f"        Selection Deferral Time Remaining(sec): {family.defer_left}\n"
