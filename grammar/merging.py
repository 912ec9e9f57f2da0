"""vtysh's merging of several daemons' configurations into the one that it shows.

Works on lines as FRR's vtysh does, whose result is not always a tree (the lines of an interface are
sorted, whatever their indentation). Nothing is imported, not even `dataclasses`: a one-shot
`vtysh -c 'show running-config'` would wait longer for that than for the rest.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


class Kind:
    """One kind of top block: the beginnings of its opening lines, and its layout.

    `together`: one `!` after all of the kind, not after each. `ordered`: the lines inside are
    sorted by bytes and kept once.
    """

    __slots__ = ("beginnings", "ordered", "together")

    def __init__(
        self,
        beginnings: tuple[str, ...],
        together: bool = False,
        ordered: bool = False,
    ) -> None:
        self.beginnings = beginnings
        self.together = together
        self.ordered = ordered


KINDS = (
    Kind(("debug",), together=True),
    Kind(("debug vrf",), together=True),
    Kind(("debug northbound",), together=True),
    Kind(("debug route-map",), together=True),
    Kind(("debug resolver",), together=True),
    Kind(("password", "enable password"), together=True),
    Kind(("key chain",)),
    Kind(("ip route", "ipv6 route"), together=True),
    Kind(("vrf",)),
    Kind(("interface",), ordered=True),
    Kind(("nexthop-group",), ordered=True),
    Kind(("router-id",)),
    Kind(("router rip",)),
    Kind(("router ripng",)),
    Kind(("router babel",)),
    Kind(("router eigrp",)),
    Kind(("router bgp",)),
    Kind(("router ospf",)),
    Kind(("router ospf6",)),
    Kind(("mpls ldp",)),
    Kind(("router isis", "router openfabric")),
    Kind(("access-list",), together=True),
    Kind(("ip prefix-list",), together=True),
    Kind(("ipv6 access-list",), together=True),
    Kind(("mac access-list",), together=True),
    Kind(("ipv6 prefix-list",), together=True),
    Kind(("bgp as-path access-list",), together=True),
    Kind(
        ("bgp community-list", "bgp extcommunity-list", "bgp large-community-list"), together=True
    ),
    Kind(("bgp community alias",), together=True),
    Kind(("route-map", "no route-map"), ordered=True),
    Kind(("pbr-map",)),
    Kind(("ip forwarding", "ipv6 forwarding"), together=True),
    Kind(("ip protocol", "ipv6 protocol", "ip nht", "ipv6 nht")),
    Kind(("mpls",), together=True),
    Kind(("pseudowire",)),
    Kind(("segment-routing",)),
    Kind(("line vty",), ordered=True),
    Kind(("rpki",)),
    Kind(("bfd",)),
)
"""The kinds of top blocks in the order in which vtysh prints them."""

_TAIL_START, _TAIL_END = " link-params", " exit-link-params"
_ONCE = ("log", "no log", "hostname", "domainname", "frr", "agentx", "allow-reserved-ranges")
_ONCE_ALSO = ("service cputime", "no service cputime")


def place_of(line: str) -> int:
    """The place in `KINDS` of the kind with the longest beginning that fits, -1 for a top line."""
    best, length = -1, 0
    for place, kind in enumerate(KINDS):
        for beginning in kind.beginnings:
            if len(beginning) > length and line.startswith(beginning):
                best, length = place, len(beginning)
    return best


class _Section:
    """The lines of one top block while texts are collected."""

    def __init__(self, line: str) -> None:
        self.line = line
        self.body: list[str] = []
        self.tail: list[str] = []
        self.close: str | None = None


class _Collected:
    """vtysh's table: top lines, and sections by kind and opening line."""

    def __init__(self) -> None:
        self.top: list[str] = []
        self.sections: dict[int, dict[str, _Section]] = {}
        self.current: tuple[Kind, _Section] | None = None

    def add(self, line: str) -> None:
        """Take one line of a daemon's text."""
        if not line or line[0] in "!#":
            return
        if line[0] == " ":
            self._inside(line)
        elif line.startswith("exit") or line == "end":
            if self.current is not None and line != "end":
                self.current[1].close = line
        elif (place := place_of(line)) >= 0:
            sections = self.sections.setdefault(place, {})
            self.current = (KINDS[place], sections.setdefault(line, _Section(line)))
        else:
            self.current = None
            if not (line.startswith(_ONCE + _ONCE_ALSO) and line in self.top):
                self.top.append(line)

    def _inside(self, line: str) -> None:
        if self.current is None:
            self.top.append(line)
            return
        kind, section = self.current
        in_tail = section.tail and section.tail[-1] != _TAIL_END
        if kind.ordered and (in_tail or line == _TAIL_START):
            section.tail.append(line)
        elif not (kind.ordered and line in section.body):
            section.body.append(line)

    def lines(self) -> "Iterable[str]":
        """The merged text, from the top lines to the last `!`."""
        yield from self.top
        yield "!"
        for place, kind in enumerate(KINDS):
            found = self.sections.get(place, {}).values()
            for section in found:
                yield section.line
                yield from sorted(section.body) if kind.ordered else section.body
                yield from section.tail
                if section.close:
                    yield section.close
                if not kind.together:
                    yield "!"
            if kind.together and found:
                yield "!"


def vtysh_running_config(
    texts: "Iterable[str]", own_top_lines: "Iterable[str]" = (), *, header: bool = True
) -> str:
    """What vtysh's `show running-config` prints for the daemons' own texts, zebra's first.

    `own_top_lines` are vtysh's own (`hostname`, `domainname`, `service integrated-vtysh-config`).
    Without `header` the four lines before the configuration are left out (`no-header`).
    """
    collected = _Collected()
    for text in texts:
        for line in text.splitlines():
            collected.add(line)
        collected.current = None
    for line in own_top_lines:
        collected.add(line)
    frame = ["Building configuration...", "", "Current configuration:", "!"] if header else []
    return "".join(line + "\n" for line in [*frame, *collected.lines(), "end"])
