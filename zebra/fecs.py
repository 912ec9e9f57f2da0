"""Labels of prefixes, which clients ask for or bring: packets with them go where the route leads.

A labelled route of BGP to such a prefix makes a switched path: what comes in with the prefix's
label leaves by the route's next hops, with their labels. `mpls label bind` goes before clients.
"""

from collections.abc import Callable, Iterator

from grammar.base.values import Prefix
from zebra.clients import Client
from zebra.config import EXPLICIT_NULL, ZebraConfig
from zebra.nexthop import Group
from zebra.rib import RouteEntry
from zebra.switching import EXPLICIT_NULLS, IMPLICIT_NULL, Switch
from zebra.vrf import Table, Vrf
from zebra.zapi.allotted import FecRegister, FecUnregister, FecUpdate
from zebra.zapi.constants import RouteType

_DISTANCE = 20
"""Of the paths that follow from routes of BGP, whatever distance those have (FRR)."""
_FIRST, _NO_LABEL = 16, 0xFFFFFFFF
_RESERVED = {"implicit-null": IMPLICIT_NULL}


class Fec:
    """What clients registered for a prefix."""

    __slots__ = ("clients", "index", "label", "path", "said", "table")

    def __init__(self, table: Table) -> None:
        self.table = table
        """Where the route to it is."""
        self.clients: list[Client] = []
        self.said: int | None = None
        """The label that clients were told last."""
        self.label: int | None = None
        self.index: int | None = None
        self.path: int | None = None
        """The label whose switched path follows from the route to the prefix."""


class Fecs:
    """All registered prefixes; `name_of(vrf, ifindex)` names interfaces.

    `changed` is called when switched paths are other ones.
    """

    def __init__(self, config: ZebraConfig) -> None:
        self._config = config
        self.known: dict[Prefix, Fec] = {}
        self.changed: Callable[[], None] = lambda: None

    def answer(self, client: Client, asked: FecRegister | FecUnregister, vrf: Vrf) -> None:
        """A client names a prefix, or does no more; it hears of the label that counts."""
        prefix = asked.prefix
        if isinstance(asked, FecUnregister):
            self._leave(prefix, client)
            return
        fec = self.known.get(prefix)
        if fec is None:
            fec = self.known[prefix] = Fec(vrf.main(prefix.afi))
        if client not in fec.clients:
            fec.clients.append(client)
        if asked.label is not None or asked.index is not None:
            fec.label, fec.index = asked.label, asked.index
        fec.said = self.label(prefix)
        if fec.said is not None:
            client.send(FecUpdate(prefix, fec.said))
        self._follow(prefix, fec)

    def configured(self) -> None:
        """Labels of lines changed, or their block: clients hear of what follows for theirs."""
        for prefix, fec in self.known.items():
            label = self.label(prefix)
            if label != fec.said:
                fec.said = label
                for client in fec.clients:
                    client.send(FecUpdate(prefix, _NO_LABEL if label is None else label))
                self._follow(prefix, fec)

    def close(self, client: Client) -> None:
        """A client is gone."""
        for prefix in [one for one, fec in self.known.items() if client in fec.clients]:
            self._leave(prefix, client)

    def label(self, prefix: Prefix) -> int | None:
        """The label of a prefix; None while there is none."""
        word = self._config.label_bindings.get(prefix)
        if word is not None:
            null = EXPLICIT_NULLS[prefix.afi] if word == EXPLICIT_NULL else None
            return null if null is not None else _RESERVED.get(word) or int(word)
        fec = self.known.get(prefix)
        if fec is None or fec.label is not None or fec.index is None:
            return None if fec is None else fec.label
        first, last = self._config.label_block or (0, -1)
        return first + fec.index if first + fec.index <= last else None

    def route_changed(self, table: Table, key: int) -> None:
        """The route to a prefix of a main table changed, or is gone."""
        if self.known:
            prefix = Prefix.from_key(table.afi, key)
            fec = self.known.get(prefix)
            if fec is not None and fec.table is table:
                self._follow(prefix, fec)

    def moved(self, groups: set[Group]) -> None:
        """Groups that are in use have other next hops, without a word of their routes."""
        for prefix, fec in self.known.items():
            dest = fec.table.routes.get(prefix.key)
            if dest is not None and dest.selected is not None and dest.selected.group in groups:
                self._follow(prefix, fec)

    def _leave(self, prefix: Prefix, client: Client) -> None:
        fec = self.known.get(prefix)
        if fec is None or client not in fec.clients:
            return
        fec.clients.remove(client)
        if not fec.clients:
            del self.known[prefix]
            self._put(fec, None, [])

    def _follow(self, prefix: Prefix, fec: Fec) -> None:
        label, table = self.label(prefix), fec.table
        dest = table.routes.get(prefix.key)
        entry = None if dest is None else dest.selected
        labelled = entry is not None and entry.type is RouteType.BGP and label is not None
        switches = list(_switches(entry, table)) if entry is not None and labelled else []
        self._put(fec, label if label is not None and label >= _FIRST else None, switches)

    def _put(self, fec: Fec, label: int | None, switches: list[Switch]) -> None:
        paths = self._config.switched
        before, fec.path = fec.path, label if switches else None
        if before is not None and before != fec.path:
            paths.routed.pop(before, None)
            paths.named.add(before)
        if fec.path is not None and paths.routed.get(fec.path) != switches:
            paths.routed[fec.path] = switches
            paths.named.add(fec.path)
        if paths.named and paths.enabled:
            self.changed()


def _switches(entry: RouteEntry, table: Table) -> Iterator[Switch]:
    """The ways of a route of which each has labels, else none."""
    leaves = entry.group.leaves()
    if not all(leaf.labels for leaf in leaves):
        return
    for leaf in reversed(leaves):
        interface = table.vrf.namespace.interfaces.by_index.get(leaf.ifindex)
        if leaf.gate is not None and interface is not None:
            label, *below = leaf.labels
            yield Switch(leaf.gate, label, interface.name, "BGP", _DISTANCE, tuple(below))
