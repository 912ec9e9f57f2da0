"""The words of `zebra_shows`: which of them stand where in zebra's shows, there and not there."""

import re
from collections.abc import Iterable
from pathlib import Path

from tests.interop.show_lines import lines

_LISTED = Path(__file__).parent / "shows" / "zebra.txt"
"""Further lines, some of them abbreviated."""
_ELSEWHERE = re.compile(
    r"show (version|thread|work-queues|logging|history|memory|modules|error|commandtree"
    r"|running-config|startup-config|configuration|yang|debugging hashtable|zebra client)\b"
)
"""What all daemons have and other tests compare, and what counts messages."""


def _split(text: str) -> list[str]:
    return text.split()


_PREFIXES = _split("""
0.0.0.0/0 10.0.0.0/24 10.1.8.2/32 10.55.0.0/16 128.0.0.0/8 172.28.0.0/24 172.28.3.0/24 172.30.0.0/24
172.30.3.0/24 172.31.0.0/24 192.0.2.0/24 192.0.3.0/24 192.0.4.0/24 192.0.5.0/24 192.0.7.0/24
192.0.11.0/24 192.0.12.0/24 192.0.14.0/24 192.0.15.0/24 192.0.16.0/24 192.0.18.0/24 192.0.19.0/24
192.0.20.0/24 192.0.26.0/24 192.0.28.0/24 192.0.29.0/24 192.0.90.0/24 198.51.102.0/24
198.51.104.0/24 198.51.105.0/24
198.51.106.0/24 198.51.107.0/24 198.51.109.0/24 198.51.110.0/24 198.51.112.0/24 198.51.114.0/24
203.0.113.0/24 8.8.8.0/24
""")
_PREFIXES6 = _split("""
::/0 2001:db8::/64 2001:db8:9::/48 2001:db8:a::/48 2001:db8:b::/48 2001:db8:c::/48 2001:db8:e::/48
2001:db8:f::/48 2001:db8:12::/48 2001:db8:13::/48 2001:db8:30::/48 2001:db8:53::/48
2001:db8:54::/48 2001:db8:55::/48 2001:db8:90::/48 fe80::/64 2001:db8:ffff::/48
""")
_WITHIN = {"A.B.C.D/M": _split("192.0.0.0/16 172.16.0.0/12 0.0.0.0/0 9.0.0.0/8 192.0.5.9/16")}
_WITHIN["X:X::X:X/M"] = _split("2001:db8::/32 ::/0 2002::/16")
_ADDRESSES = {
    "A.B.C.D": _split("10.0.0.2 192.0.2.9 172.30.0.1 192.0.5.3 100.64.9.9 8.8.8.8 10.0.0.1"),
    "X:X::X:X": _split("2001:db8::2 2001:db8:9::1 fe80::1 2001:db8::1 2002::1 ::1"),
}
_BEHIND = {
    "vrf": ("default", "nosuch"),
    "tag": ("7", "9"),
    "ospf": ("1",),
    "table": ("100", "200", "300", "999"),
    "mac": ("00:11:22:33:44:55", "foo"),
    "ip": ("10.0.0.1", "foo"),
    "es": ("03:44:38:39:ff:ff:01:00:00:01", "foo"),
    "seq": ("5", "7"),
    "route-map": ("RM", "SRC", "NOSUCH"),
    "rib": ("99999", "4000000000"),
    "locator": ("L",),
    "ipset": ("FOO",),
    "iptable": ("FOO",),
    "nexthop": ("99999",),
}
_NAMED = {
    "IFNAME": _split("eth0 lan down0 lone br0 port0 vx5 vxd ifb7 tun0 tap0 lo nosuch later"),
    "ACCESSLIST4_NAME": ("AL", "7", "107", "NOSUCH"),
    "ACCESSLIST6_NAME": ("AL6", "AL"),
    "ACCESSLIST_MAC_NAME": ("FOO", "NOSUCH"),
    "(1-16777215)": ("5",),
    "(1-4094)": ("5",),
    "(16-1048575)": ("16", "100"),
}
_LISTS = {"ip": ("PL", "NOSUCH"), "ipv6": ("PL6", "PL")}


def _words(variable: str, before: tuple[str, ...]) -> Iterable[str]:
    if "prefix-list" in before:
        if variable == "WORD":
            return _LISTS[before[1]]
        if "/M" in variable:
            return {"ip": ("10.0.0.0/8", "10.1.0.0/16"), "ipv6": ("2001:db8::/48", "::/0")}[
                before[1]
            ]
    if variable in _NAMED:
        return _NAMED[variable]
    if before[-1] in _BEHIND and "/" not in variable and variable not in _ADDRESSES:
        return _BEHIND[before[-1]]
    return _routes(variable, before)


def _routes(variable: str, before: tuple[str, ...]) -> Iterable[str]:
    many = len(before) == 3
    if variable in _ADDRESSES:
        if before[1] in ("evpn", "mpls"):
            return ("10.0.0.1",)
        return _ADDRESSES[variable][: None if many else 2]
    if variable in _WITHIN:
        if before[1] == "mpls":
            return ("10.0.0.0/24",) if variable == "A.B.C.D/M" else ("2001:db8::/64",)
        return _WITHIN[variable][: None if many else 1] if variable in _WITHIN else ()
    raise ValueError(f"{variable} behind {' '.join(before)}")


def _of_prefixes() -> Iterable[str]:
    for word, prefixes in (("ip", _PREFIXES), ("ipv6", _PREFIXES6)):
        for prefix in prefixes:
            for what in ("route", "fib"):
                for end in ("", " json", " nexthop-group"):
                    yield f"show {word} {what} {prefix}{end}"


def show_lines() -> list[str]:
    """All of them, each once."""
    drawn = lines("zebra", _words, _ELSEWHERE)
    return list(dict.fromkeys([*drawn, *_of_prefixes(), *_LISTED.read_text().splitlines()]))
