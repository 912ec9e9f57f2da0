"""What an update-group has to tell, as bytes to its members: each message is made once."""

from collections.abc import Generator, Iterable
from typing import TYPE_CHECKING

from bgp.rib.announced import Announced
from bgp.rib.member import Member
from bgp.rib.news import News
from bgp.rib.packing import announcing, withdrawing

if TYPE_CHECKING:
    from bgp.rib.adjout import UpdateGroup

BATCH = 256
"""Sets of attributes that are encoded between two yields."""


def send(
    group: "UpdateGroup", news: News, members: Iterable[Member]
) -> Generator[None, None, None]:
    """Work: tell members what was collected, withdrawals first.

    A dump or a change of policy runs beside the walk that tells of changes. What another walk has
    decided since is left to that one: it may have told it already.
    """
    if news.withdrawn:
        gone = news.withdrawn
        if group.looks != news.looks:
            gone = [item for item in gone if group.now_told(item) is None]
        withdraw(group, gone, members)
        yield
    members = list(members)
    buffers: dict[Member, list[bytes]] = {member: [] for member in members}
    told_by_hop: list[tuple[bytes, list[Member]]] = []
    last: Announced | None = None
    logs = group.log is not None and group.log.on
    for count, (announced, keys) in enumerate(news.by_value.items(), 1):
        if last is None or not announced.goes_like(last):
            told_by_hop, last = _by_hop(announced, members), announced
        if group.looks != news.looks:
            keys = [item for item in keys if group.now_told(item) is announced]
        for hop, told in told_by_hop if keys else ():
            messages = announcing(group.table, group.profile, announced, keys, hop)
            if logs and group.log is not None:
                group.log.announced(announced, keys, messages, hop, told)
            for member in told:
                buffers[member] += messages
        if count % BATCH == 0:
            _write(group, buffers)
            yield
            logs, last = group.log is not None and group.log.on, None
    _write(group, buffers)


def _by_hop(announced: Announced, members: list[Member]) -> list[tuple[bytes, list[Member]]]:
    """The next hops to write, and who is told each."""
    found: dict[bytes, list[Member]] = {}
    for member in members:
        hop = member.next_hop(announced)
        if hop is not None:
            found.setdefault(hop, []).append(member)
    return list(found.items())


def withdraw(group: "UpdateGroup", keys: list[int], members: Iterable[Member]) -> None:
    """Take these items back from members."""
    members = list(members)
    messages = withdrawing(group.table, group.profile, keys)
    if group.log is not None and group.log.on:
        group.log.withdrawn(keys, messages, members)
    _write(group, dict.fromkeys(members, messages))


def _write(group: "UpdateGroup", buffers: dict[Member, list[bytes]]) -> None:
    most = 0
    for member, messages in buffers.items():
        if messages and member in group.members:
            member.write(b"".join(messages), len(messages))
            most = max(most, len(messages))
    counters = group.counters
    counters.packets += most
    counters.high_watermark = max(counters.high_watermark, most)
    for messages in buffers.values():
        messages.clear()
