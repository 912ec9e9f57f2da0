"""Neighbours that are told several paths of a prefix (RFC 7911): what that means for the tables."""

from collections.abc import Generator
from typing import TYPE_CHECKING, Final

from bgp.rib.table import Table

if TYPE_CHECKING:
    from bgp.instance import Instance

CHUNK: Final = 1024


def configure(instance: "Instance") -> None:
    """Neighbours or their lines changed: give ids to paths where some neighbour wants them."""
    wanted: dict[Table, set[str]] = {table: set() for table in instance.tables.values()}
    for peer in instance.peers.values():
        for family, lines in peer.config.families.items():
            # Labeled unicast has its routes in the table of unicast.
            table = instance.tables.get(family)
            if table is not None and lines.addpath_tx is not None:
                wanted[table].add(lines.addpath_tx)
    for table, kinds in wanted.items():
        # FRR asks whether any family of the instance has such a neighbour.
        table.each_path = any(wanted.values())
        if table.tx_ids.use(sorted(kinds)):
            instance.bgpd.work.add("path ids", _number(table))


def _number(table: Table) -> Generator[None, None, None]:
    for count, item in enumerate(table.walk()):
        if item is not None:
            table.tx_ids.renew(*item)
        if item is None or count % CHUNK == 0:
            yield
