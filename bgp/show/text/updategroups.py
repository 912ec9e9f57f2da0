"""Update-groups as text."""

from collections.abc import Iterator

from bgp.show.text.dispatch import text
from bgp.show.text.table import STATUS_CODES, Rows
from bgp.show.views.table import TableHead
from bgp.show.views.updategroups import (
    Groups,
    GroupsOfAll,
    GroupTables,
    GroupTotals,
    GroupView,
    Packets,
)
from grammar.output.time import ctime


@text.register
def groups_text(view: Groups) -> Iterator[str]:
    """Each group with its one subgroup."""
    for group in view.groups:
        yield "".join(_group(group))


def _group(group: GroupView) -> Iterator[str]:
    created = ctime(group.created)
    yield f"Update-group {group.id}:\n  Created: {created}\n"
    if group.route_map is not None:
        yield f"  Outgoing route map: {group.route_map}\n"
    yield f"  MRAI value (seconds): {group.mri}\n\n"
    yield f"  Update-subgroup {group.id}:\n    Created: {created}\n"
    for words, value in (
        ("Join events", group.joins),
        ("Prune events", group.prunes),
        ("Merge events", group.merges),
        ("Split events", group.splits),
        ("Update group switch events", group.switches),
        ("Peer refreshes combined", group.refreshes),
        ("Merge checks triggered", group.merge_checks),
        ("Coalesce Time", group.coalesce),
        ("Version", group.version),
        ("Packet queue length", group.queued),
        ("Total packets enqueued", group.packets),
        ("Packet queue high watermark", group.high_watermark),
        ("Adj-out list count", group.advertised),
        ("Advertise list", "not empty" if group.pending else "empty"),
        ("Flags", ""),
        ("Max packet size", group.max_packet),
    ):
        yield f"    {words}: {value}\n"
    yield "    Peers:\n"
    for member in group.members:
        yield f"      - {member}\n"


@text.register
def groups_of_all_text(view: GroupsOfAll) -> Iterator[str]:
    """Those of each instance under its name."""
    for name, groups in view.instances:
        yield f"\nInstance {name}:\n"
        yield from groups_text(groups)


@text.register
def group_totals_text(view: GroupTotals) -> Iterator[str]:
    """A line by kind of event; a group has one subgroup."""
    for words, value in (
        ("Update groups created", view.created),
        ("Update groups deleted", view.deleted),
        ("Update subgroups created", view.created),
        ("Update subgroups deleted", view.deleted),
        ("Join events", view.joins),
        ("Prune events", view.prunes),
        ("Merge events", view.merges),
        ("Split events", view.splits),
        ("Update group switch events", view.switches),
        ("Peer route refreshes combined", view.refreshes),
        ("Merge checks triggered", view.merge_checks),
    ):
        yield f"{words}: {value}\n"


def _head(head: TableHead) -> str:
    return (
        f"BGP table version is {head.version}, local router ID is {head.router_id}\n"
        f"{STATUS_CODES}"
        "Origin codes:  i - IGP, e - EGP, ? - incomplete\n"
        "   Network          Next Hop            Metric LocPrf Weight Path\n"
    )


@text.register
def group_tables_text(view: GroupTables) -> Iterator[str]:
    """A table by group, which has its head though it may be empty."""
    for group in view.groups:
        yield f"update group {group.id}, subgroup {group.id}\n"
        yield _head(group.head)
        rows = Rows(wide=False)
        yield from rows.lines(group.rows)
        if rows.routes:
            yield f"\nTotal number of prefixes {rows.routes}\n"


@text.register
def packets_text(view: Packets) -> Iterator[str]:
    """The message at which the members are."""
    for group in view.groups:
        yield f"update group {group.id}, subgroup {group.id}\n"
        yield f"  Packet 0x{group.address:x} ver {group.version} buffer 0x0\n"
        for member in group.members:
            yield f"      - {member}\n"
