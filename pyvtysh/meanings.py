"""What a value of a configuration means, in a few words: shown beside it by Tab and `?`.

All here are functions of text: what `show running-config` of a daemon prints, and the JSON of
`show bgp vrf all summary` and of `show interface vrf all`. Whatever cannot be read has no meaning.
"""

import json
import re
from collections.abc import Callable, Iterator

Meanings = dict[str, dict[str, str]]
"""By subject (`peer`, `route-map`, `route-map NAME` for its numbers, ...): values in the order in
which they came, each with its meaning, which may be empty."""

_LIST_KINDS = {
    "bgp as-path access-list": "as-path",
    "bgp community-list": "community",
    "bgp extcommunity-list": "extcommunity",
    "bgp large-community-list": "large-community",
    "ip prefix-list": "prefix-list",
    "ipv6 prefix-list": "prefix-list",
    "access-list": "access-list",
    "ipv6 access-list": "access-list",
    "mac access-list": "access-list",
}
_LIST = re.compile(
    rf"({'|'.join(_LIST_KINDS)}) (?:(?:standard|expanded) )?(\S+) (?:seq (\d+) )?(.*)"
)
_MAP = re.compile(r"route-map (\S+) (permit|deny) (\d+)$")
_OPENS = re.compile(r"(interface|vrf|router bgp) (\S+)")
_NEIGHBOR = re.compile(r" +neighbor (\S+) (.*)")
_NETWORK = re.compile(r" +(network|aggregate-address) (\S+/\d+)(.*)")
_ROUTE = re.compile(r"(?:ip|ipv6) route (\S+/\d+) (.*)")


class _Reading:
    """What is known so far of one configuration."""

    def __init__(self) -> None:
        self.found: Meanings = {}
        self.block: Callable[[str], None] | None = None
        self._as: dict[str, str] = {}
        self._group: dict[str, str] = {}
        self._description: dict[str, str] = {}

    def put(self, subject: str, value: str, meaning: str = "") -> None:
        """A value; a meaning that comes later counts."""
        values = self.found.setdefault(subject, {})
        if meaning or value not in values:
            values[value] = meaning

    def line(self, line: str) -> None:
        """The next line."""
        if line.startswith(" "):
            if self.block is not None:
                self.block(line)
            return
        self.block = None
        if found := _MAP.match(line):
            self._map(*found.groups())
        elif found := _LIST.match(line):
            self._list(*found.groups())
        elif found := _OPENS.match(line):
            self._open(found[1], found[2])
        elif found := _ROUTE.match(line):
            self.put("prefix", found[1], f"static, {found[2]}")

    def _open(self, kind: str, name: str) -> None:
        if kind == "router bgp":
            self.block = self._bgp
            return
        self.put(kind, name)

        def inside(line: str) -> None:
            words = line.split(None, 1)
            if words[0] == "description":
                self.put(kind, name, words[-1])

        self.block = inside

    def _map(self, name: str, action: str, number: str) -> None:
        subject = f"route-map {name}"
        self.put(subject, number, action)
        entries = ", ".join(f"{n} {said.split(':')[0]}" for n, said in self.found[subject].items())
        self.put("route-map", name, entries)

        def inside(line: str) -> None:
            said = self.found[subject][number]
            self.found[subject][number] = said + (", " if ":" in said else ": ") + line.strip()

        self.block = inside

    def _list(self, start: str, name: str, number: str | None, rest: str) -> None:
        kind = _LIST_KINDS[start]
        words = rest.split(None, 1)
        if words[:1] == ["description"]:
            self._description[f"{kind} {name}"] = words[-1]
            self.put(kind, name, words[-1])
            return
        subject = f"{kind} {name}"
        self.put(subject, number or str(5 * len(self.found.get(subject, ())) + 5), rest)
        if subject not in self._description:
            entries = list(self.found[subject].values())
            more = f" and {len(entries) - 1} more" if len(entries) > 1 else ""
            self.put(kind, name, entries[0] + more)

    def _bgp(self, line: str) -> None:
        if found := _NETWORK.match(line):
            self.put("prefix", found[2], f"{found[1]}{found[3]}")
        if not (found := _NEIGHBOR.match(line)):
            return
        name, rest = found.groups()
        words = rest.split()
        match words:
            case ["peer-group"]:
                self.put("peer-group", name)
            case ["remote-as", number]:
                self._as[name] = number
            case [*_, "remote-as", number] if words[0] == "interface":
                self._as[name] = number
            case [*_, "peer-group", group] if words[0] in ("peer-group", "interface"):
                self._group[name] = group
            case ["description", *_]:
                self._description[f"peer {name}"] = rest.partition(" ")[2]
        self._told(name)

    def _told(self, name: str) -> None:
        """Say again what a neighbor or a group is."""
        said = []
        group = self._group.get(name)
        number = self._as.get(name) or self._as.get(group or "")
        if number:
            said.append(number if number in ("internal", "external") else f"AS {number}")
        if group:
            said.append(f"group {group}")
        said += filter(None, [self._description.get(f"peer {name}")])
        is_group = name in self.found.get("peer-group", ())
        self.put("peer", name, ", ".join(["peer group", *said] if is_group else said))
        if is_group:
            members = sum(1 for of in self._group.values() if of == name)
            self.put("peer-group", name, ", ".join([*said, _counted(members, "member")]))
        elif group and group in self.found.get("peer-group", ()):
            self._told(group)


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def of_configuration(text: str) -> Meanings:
    """The things that a running configuration speaks of, with what it says of each."""
    reading = _Reading()
    for line in text.splitlines():
        reading.line(line)
    return reading.found


def _parsed(text: str) -> dict[str, object]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _inside(holder: object) -> Iterator[tuple[str, dict[str, object]]]:
    if isinstance(holder, dict):
        for key, value in holder.items():
            if isinstance(value, dict):
                yield str(key), value


def of_summary(text: str) -> Meanings:
    """Neighbors with AS, state and description, of `show bgp vrf all summary json`."""
    peers: dict[str, str] = {}
    for _, families in _inside(_parsed(text)):
        for _, family in _inside(families):
            for name, peer in _inside(family.get("peers")):
                state = f"AS {peer.get('remoteAs')}, {peer.get('state')}"
                if peer.get("state") == "Established":
                    state += f", prefixes received: {peer.get('pfxRcd', 0)}"
                peers.setdefault(name, f"{state}, {peer['desc']}" if peer.get("desc") else state)
    return {"peer": peers}


def table_size(text: str) -> int:
    """How many prefixes the tables of `show bgp vrf all summary json` hold together."""
    sizes = [
        family.get("ribCount", 0)
        for _, families in _inside(_parsed(text))
        for _, family in _inside(families)
    ]
    return sum(size for size in sizes if isinstance(size, int))


def of_interfaces(text: str) -> Meanings:
    """Interfaces with state, addresses and description, of `show interface vrf all json`."""
    found: dict[str, str] = {}
    for name, shown in _inside(_parsed(text)):
        for each, link in [(name, shown)] if "administrativeStatus" in shown else _inside(shown):
            said = [str(link.get("operationalStatus", "down"))]
            addresses = link.get("ipAddresses")
            if isinstance(addresses, list):
                said += [str(one.get("address")) for one in addresses if isinstance(one, dict)][:2]
            said += [str(link["description"])] if link.get("description") else []
            found[each] = ", ".join(said)
    return {"interface": found}


def of_routes(text: str) -> Meanings:
    """Prefixes of a BGP table, each with the path and next hop of the best, of `show bgp json`."""
    found: dict[str, str] = {}
    routes = _parsed(text).get("routes")
    if not isinstance(routes, dict):
        return {}
    for prefix, paths in routes.items():
        for path in paths if isinstance(paths, list) else ():
            if isinstance(path, dict) and (path.get("bestpath") or prefix not in found):
                hops = [str(hop.get("ip")) for hop in path.get("nexthops") or () if "ip" in hop]
                found[prefix] = f"via {', '.join(hops)}, path {path.get('path') or 'local'}"
    return {"prefix": found}
