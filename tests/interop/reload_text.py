"""Two configurations of one router, of more than 300 lines each, for `frr-reload.py`.

The second changes, drops and adds lines of every kind. The neighbor that really is there and the
lines about its session are in both, so that its session must outlive the way from one to the other.
"""

from collections.abc import Iterator

AS = 65001
NEIGHBORS = range(2, 32)
PEER = "10.9.0.2"
OWN = "10.9.0.1"
PEER_AS = 64512


def configuration(new: bool = False) -> str:
    """The first configuration, or the second."""
    parts = (_top, _statics, _interface, _lists, _maps, _groups, _neighbors, _ipv4, _ipv6, _end)
    return "".join(f"{line}\n" for part in parts for line in part(new))


def _top(new: bool) -> Iterator[str]:
    yield from ("frr version 8.4.4", "frr defaults traditional", "hostname router")
    yield f"log syslog {'informational' if new else 'errors'}"
    yield "log timestamp precision 3"
    if not new:
        yield "log record-priority"
    yield from ("service integrated-vtysh-config", "!")
    yield f"debug bgp {'updates in' if new else 'keepalives'}"
    yield from ("!", "password foo", "!")


def _statics(new: bool) -> Iterator[str]:
    yield "ip router-id 1.2.3.4"
    for number in range(40):
        if new and number % 10 == 3:
            continue
        via = "blackhole" if number % 3 else "10.9.0.9"
        tag = " tag 7" if number % 5 == 0 else ""
        yield f"ip route 172.20.{number}.0/24 {via}{tag}{' 50' if new and number % 7 == 0 else ''}"
    for number in range(5 if new else 0, 15):
        yield f"ipv6 route 2001:db8:{number:x}::/64 blackhole"
    yield "!"


def _interface(new: bool) -> Iterator[str]:
    yield "interface eth0"
    yield f" description {'the switch' if new else 'switch'}"
    yield f" ip address {OWN}/24"
    yield from ("exit", "!")


def _lists(new: bool) -> Iterator[str]:
    for name in range(5 if new else 6):
        for seq in range(5, 35, 5):
            third = seq + (new and seq == 20)
            yield (
                f"ip prefix-list L{name} seq {seq} permit 10.{name}.{third}.0/24"
                f"{' le 32' if seq % 10 else ''}"
            )
    yield "ipv6 prefix-list SIX seq 5 permit 2001:db8::/32 le 48"
    if new:
        yield "ipv6 prefix-list SIX seq 10 deny any"
    yield "bgp as-path access-list PATHS seq 5 permit ^645"
    yield "bgp community-list standard COMM seq 5 permit 65001:1"
    if new:
        yield "bgp community-list standard COMM seq 10 permit 65001:2"
    yield "bgp large-community-list standard LARGE seq 5 permit 65001:1:1"
    yield "!"


def _maps(new: bool) -> Iterator[str]:
    for name in range(5 if new else 6):
        yield f"route-map M{name} permit 10"
        yield f" match ip address prefix-list L{name}"
        yield f" set local-preference {150 if new and name == 1 else 100 + name}"
        if name % 2 or new:
            yield f" set community 65001:{name} additive"
        yield from ("exit", "!")
        if name == 4 and new:
            continue
        yield from (f"route-map M{name} deny 20", " match as-path PATHS", "exit", "!")


def _groups(new: bool) -> Iterator[str]:
    yield f"router bgp {AS}"
    yield " bgp router-id 1.1.1.1"
    yield " no bgp ebgp-requires-policy"
    yield " no bgp default ipv4-unicast"
    if new:
        yield " bgp bestpath as-path multipath-relax"
    yield " neighbor FABRIC peer-group"
    yield " neighbor FABRIC remote-as external"
    yield " neighbor FABRIC timers 5 15"
    if new:
        yield " neighbor FABRIC description the fabric"


def _kept(new: bool) -> Iterator[tuple[int, str]]:
    return ((n, f"10.9.0.{n}") for n in NEIGHBORS if not (new and n == 14))


def _neighbors(new: bool) -> Iterator[str]:
    for number, name in _kept(new):
        if number % 10 == 8:
            yield f" neighbor {name} peer-group FABRIC"
            continue
        yield f" neighbor {name} remote-as {AS if number % 4 == 1 else 64510 + number}"
        yield f" neighbor {name} description peer {number}{' new' if new and number == 7 else ''}"
        if number % 3 == 1:
            yield f" neighbor {name} timers 10 30"
        if number % 10 == 2:
            yield f" neighbor {name} timers connect {7 if new and number == 12 else 5}"
        if number % 10 == 6:
            yield f" neighbor {name} ebgp-multihop 3"
        if number % 7 == 1:
            yield f" neighbor {name} password secret{number}"
        if number % 9 == 1:
            yield f" neighbor {name} update-source {OWN}"
        if number % 11 == 1 and not (new and number == 23):
            yield f" neighbor {name} shutdown"
    yield " !"


def _ipv4(new: bool) -> Iterator[str]:
    yield " address-family ipv4 unicast"
    for number in range(20):
        if not (new and number % 9 == 4):
            yield f"  network 172.30.{number}.0/24{' route-map M1' if number == 6 else ''}"
    yield f"  redistribute static{' metric 77' if new else ' route-map M3'}"
    yield "  neighbor FABRIC activate"
    if new:
        yield "  neighbor FABRIC next-hop-self"
    for number, name in _kept(new):
        if number % 10 == 8:
            continue
        yield f"  neighbor {name} activate"
        if number % 12 == 1:
            yield f"  neighbor {name} route-reflector-client"
        if number % 4 == 1:
            yield f"  neighbor {name} next-hop-self"
        if number % 6 == 1:
            yield f"  neighbor {name} soft-reconfiguration inbound"
        if number % 5 == 3:
            yield f"  neighbor {name} prefix-list L1 in"
        if number % 10 == 4:
            yield f"  neighbor {name} route-map M{1 if new and number == 24 else 3} out"
        if number % 10 == 2:
            yield f"  neighbor {name} maximum-prefix {2000 if new and number == 12 else 1000}"
    yield from (" exit-address-family", " !")


def _ipv6(new: bool) -> Iterator[str]:
    yield " address-family ipv6 unicast"
    for number in range(8):
        yield f"  network 2001:db8:f{number:x}::/48"
    for number in range(3, 32, 9):
        yield f"  neighbor 10.9.0.{number} activate"
    yield " exit-address-family"


def _end(new: bool) -> Iterator[str]:
    yield from ("exit", "!", "line vty", "!")
