"""Masks: what two runs of the same scenario cannot share is replaced by its name, on both sides.

A mask names the line or the JSON key it applies to; nothing else is touched, so the frame around a
masked value (spaces, commas, units) is still compared. Three kinds of values are masked: moments
and durations; what the machine hands out (ports, descriptors, interface and nexthop-group numbers,
MAC and link-local addresses, kernel release, folders); and the message counts that depend on which
of two simultaneous connections survives the collision (RFC 4271 section 6.8), or on how many
keepalive intervals have passed.
"""

import re
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Mask:
    """A line pattern; its groups called `v`, `v2`, ... are replaced by `<name>`.

    With `aligned` the replacement is as wide as the value and the blanks before it, so that
    columns stay columns.
    """

    name: str
    pattern: re.Pattern[str]
    aligned: bool = False
    groups: tuple[str, ...] = field(default=())

    def apply(self, text: str) -> str:
        """`text` with every match masked."""
        return self.pattern.sub(self._replace, text)

    def _replace(self, match: re.Match[str]) -> str:
        whole, start = match.group(), match.start()
        spans = sorted((match.span(group) for group in self.groups), reverse=True)
        for begin, end in spans:
            if begin < 0:
                continue
            token = f"<{self.name}>"
            if self.aligned:
                token = token.rjust(end - begin)[: end - begin]
            whole = whole[: begin - start] + token + whole[end - start :]
        return whole


AGE = r"(?:\d\d:\d\d:\d\d|\d+d\d\dh\d\dm|\d+w\d+d\d\dh|\d+y\d+w\d+d)"
CTIME = r"[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}"
MAC = r"(?:[0-9a-f]{2}:){5}[0-9a-f]{2}"
LINK_LOCAL = r"fe80::[0-9a-f:]+"


def _line(name: str, pattern: str, *, aligned: bool = False) -> Mask:
    """A mask of lines; the pattern's groups whose names begin with `v` are what is masked."""
    compiled = re.compile(pattern, re.MULTILINE)
    groups = tuple(group for group in compiled.groupindex if group.startswith("v"))
    return Mask(name, compiled, aligned, groups)


def _key(name: str, value: str, *keys: str) -> Mask:
    """A mask of one JSON value on a line of its own, as json-c prints it."""
    pattern = rf'^ *"(?:{"|".join(keys)})":(?P<v>{value})(?=,?$)'
    return Mask(name, re.compile(pattern, re.MULTILINE), False, ("v",))


# Which side opened an established connection is a race (both try about a second after their start),
# and FRR tells it: an accepted connection leaves 30 as the last reset, one of its own leaves what
# was there before, which is 32 at first and later what ended the session.
OPENED = "Waiting for peer OPEN|User reset|Peer closed the session"
OPENER = rf"(?P<v>No AFI/SAFI activated for peer|{OPENED})"
SAME_NEIGHBOR = r"(?:(?!BGP neighbor is |  .*\bbgpState).*\n)+?"
OPENER_JSON = (
    rf'(?P<v1>"(?:No AFI\\/SAFI activated for peer|{OPENED})"),\n'
    r' *"lastResetCode":(?P<v2>30|32|12|15)'
)

SUMMARY_ROW = r"^\S+ +4 +\d+"

TEXT = (
    # show bgp ipv4 flowspec detail
    _line("age", rf"^\treceived for (?P<v>{AGE})$"),
    # show bgp summary wide
    _line(
        "counts",
        rf"{SUMMARY_ROW} +\d+(?P<v1> +[1-9]\d*)(?P<v2> +[1-9]\d*)(?=(?: +\d+){{3}} +{AGE} )",
        aligned=True,
    ),
    # show bgp summary failed
    _line("age", rf"^\S+ +\d+ +\d+ +(?P<v>{AGE})(?= \S)", aligned=True),
    # show bgp summary
    _line("counts", rf"{SUMMARY_ROW}(?P<v1> +[1-9]\d*)(?P<v2> +[1-9]\d*)(?= )", aligned=True),
    _line("age", rf"{SUMMARY_ROW}(?: +\S+){{5,6}} (?P<v>{AGE})(?= )", aligned=True),
    # show bgp neighbors
    _line("age", rf"^  BGP state = Established, up for (?P<v>{AGE})$"),
    _line("age", rf"^  Last read (?P<v1>{AGE}), Last write (?P<v2>{AGE}|never)$"),
    _line("age", rf"^  Last reset (?P<v>{AGE}), "),
    _line("opener", rf"^  BGP state = Established, {SAME_NEIGHBOR}  Last reset \S+,  {OPENER}$"),
    _line("opener", rf'"bgpState":"Established",\n{SAME_NEIGHBOR} *"lastResetDueTo":{OPENER_JSON}'),
    _line(
        "counts",
        r"^    (?:Opens|Keepalives|Total): (?P<v1> +[1-9]\d*)(?P<v2> +[1-9]\d*)$",
        aligned=True,
    ),
    # A collision is ended by a NOTIFICATION, so their number, too, is a matter of luck.
    _line("counts", r"^    Notifications: (?P<v1> +\d+)(?P<v2> +\d+)$", aligned=True),
    # Whether a family's routes were sent before its End-of-RIB; both leave within milliseconds.
    _line("eor", r"^      End-of-RIB sent after update: (?P<v>Yes|No)$"),
    # FRR's bgpd says in its OPENs that it has restarted, for a while after its start only.
    _line("recent", r"^    R bit: (?P<v>True|False)$"),
    _line("port", r"^Local host: \S+, Local port: (?P<v>\d+)$"),
    _line("port", r"^Foreign host: \S+, Foreign port: (?P<v>\d+)$"),
    _line("seconds", r"^Next (?:connect|start) timer due in (?P<v>\d+) seconds$"),
    _line("fd", r"^Read thread: \w+  Write thread: \w+  FD used: (?P<v>\d+)$"),
    _line("link-local", rf"^Nexthop (?:global|local): (?P<v>{LINK_LOCAL})$"),
    # show bgp ipv6
    _line("link-local", rf"^ {{20}}(?P<v>{LINK_LOCAL})$"),
    # show bgp PREFIX
    _line("date", rf"^      Last update: (?P<v>{CTIME})$"),
    # show bgp ... json detail
    _line("date", rf'"lastUpdate":\{{"epoch":(?P<v1>\d+),"string":"(?P<v2>{CTIME})\\n"'),
    # show bgp nexthop
    _line("date", rf"^  Last update: (?P<v>{CTIME})$"),
    # show ip route, show ip route PREFIX
    _line("age", rf"^[KCSB][>* ][*qr ]? \S.*, (?P<v>{AGE})$"),
    _line("age", rf"^  Last update (?P<v>{AGE}) ago$"),
    # show interface
    _line("date", r"^  Link (?:ups|downs): .* last: (?P<v>\d{4}/\d\d/\d\d \d\d:\d\d:\d\d\.\d\d)$"),
    _line("mac", rf"^  HWaddr: (?P<v>{MAC})$"),
    _line("link-local", rf"^  inet6 (?P<v>{LINK_LOCAL})/64$"),
    _line("index", r"^  index (?P<v>\d+) metric "),
    _line("index", r"^  Parent ifindex: (?P<v>\d+)$"),
    # show version, show running-config
    _line("release", r"^FRRouting \S+ \(\S+\) on Linux\((?P<v>[^)]+)\)\.$"),
    _line("folder", r"^log file (?P<v>/\S+/)"),
    # ip route, ip nexthop
    _line("nhid", r"^\S.* nhid (?P<v>\d+) via "),
)

# Lines that are there or not, by luck: the kernel's round trip time is shown only when it is a
# whole millisecond, and the OPEN that began a collision only if there was one.
FLEETING = re.compile(
    r"^(?:Estimated round trip time: \d+ ms"
    r"| *\"estimatedRttInMsecs\":\d+,"
    r"|  Message received that caused BGP to send a NOTIFICATION:"
    r"\n    F{8} F{8} F{8} F{8}\n    [\dA-F]{4}01(?:[\dA-F ]|\n    )*)\n",
    re.MULTILINE,
)

JSON = (
    _key("msec", r"\d+", "peerUptimeMsec", "bgpTimerUpMsec", "lastResetTimerMsecs"),
    _key("msec", r"\d+", "bgpTimerLastRead", "bgpTimerLastWrite", "bgpInUpdateElapsedTimeMsecs"),
    _key("msec", r"\d+", "nextConnectTimerDueInMsecs", "nextStartTimerDueInMsecs"),
    _key("epoch", r"\d+", "peerUptimeEstablishedEpoch", "bgpTimerUpEstablishedEpoch", "epoch"),
    _key("age", f'"{AGE}"', "peerUptime", "bgpTimerUpString", "uptime", "time"),
    _key("date", rf'"{CTIME}\\n"', "string"),
    _key("counts", r"[1-9]\d*", "msgRcvd", "msgSent"),
    _key("counts", r"[1-9]\d*", "opensSent", "opensRecv", "totalSent", "totalRecv"),
    _key("counts", r"[1-9]\d*", "keepalivesSent", "keepalivesRecv"),
    _key("counts", r"\d+", "notificationsSent", "notificationsRecv"),
    _key("recent", r"true|false", "rBit"),
    _key("eor", r"true|false", "endOfRibSentAfterUpdate"),
    _key("port", r"\d+", "portLocal", "portForeign"),
    _key("link-local", f'"{LINK_LOCAL}(?:/64)?"', "nexthopGlobal", "nexthopLocal", "address"),
    _key("nhg", r"\d+", "nexthopGroupId", "installedNexthopGroupId"),
    _key("index", r"\d+", "interfaceIndex", "index", "parentIfindex"),
    _key("mac", f'"{MAC}"', "hardwareAddress"),
)


def mask(text: str) -> str:
    """`text` with what another run of the same scenario would show otherwise replaced by names."""
    text = FLEETING.sub("", text)
    for rule in (*TEXT, *JSON):
        text = rule.apply(text)
    return text
