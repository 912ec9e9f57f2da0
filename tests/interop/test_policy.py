"""Lists and route-maps beside FRR's: some 150 neighbors with a filter each, the same
routes, the same tables and the same announcements.

```
source 10.200.0.200 (64999)     collector 10.200.0.201 (65001, no filters)
                 \\               /
                  r1 (65001)                     FRR, then ours
                 /
voices 10.200.0.1, .2, ... (65101, 65102, ...)   each with its own filters in, or out
```
What the filters inward make of a route is what the collector hears; outward, what each voice hears
of the routes of the source.
"""

import json
from concurrent.futures import ThreadPoolExecutor
from time import monotonic
from typing import Any

import pytest

from bgp.attrs import AttrPool, encode
from bgp.wire.attributes.aggregator import Aggregator
from bgp.wire.attributes.aspath import AsPath
from bgp.wire.update import encode_update
from grammar.base.values import Address, Afi, Prefix
from tests.interop.policymaps import LINES, LISTS, maps
from tests.support.crowd import Crowd, Heard
from tests.support.namespaces import Lab
from tests.support.router import Router
from tests.support.scenario import KINDS
from tests.support.wait import until

pytestmark = pytest.mark.real

ROUTER, SOURCE, COLLECTOR = "10.200.0.254", "10.200.0.200", "10.200.0.201"
MAPS = maps()
SHARDS = 3
"""Into so many networks the neighbors are divided: FRR reads files in the square of their lines."""
ENOUGH = 1000
"""How many routes all speakers of one together hear at least."""
CALM, IDLE = 7.5, 0.2
"""Seconds of silence at the end, longer than a router waits for more members of a group (a second,
and a twentieth for each of 108 neighbors); of processor, what it may use in them."""
FILTERS = [*((f"route-map {name} {{d}}",) for name in MAPS), *LINES]
VOICES = {f"10.200.0.{n}": 65100 + n for n in range(1, len(FILTERS) + 1)}

OWN = ("172.16.", "2001:db8:ff")
"""How the prefixes of the source begin."""

ODD = tuple(
    f"10.{number}."
    for number, lines in enumerate(MAPS.values(), 1)
    if "set ipv6 next-hop global" in lines[1] or "set ipv6 next-hop local" in lines[1]
)
"""`set ipv6 next-hop global|local` on an IPv4 route: FRR's table shows that next hop, and announces
the other one."""

Story = tuple[dict[str, Heard], dict[str, Any]]
"""What the speakers heard, and the router's table."""
Stories = dict[str, Story]
"""By router."""


def routes(asn: int) -> list[dict[str, Any]]:
    """The mix of attributes; `length` is that of the prefix."""
    path = AsPath.sequence
    return [
        {"length": 24, "as_path": path(asn)},
        {"length": 25, "as_path": path(asn, 65100, 65200), "med": 50},
        {"length": 24, "as_path": path(asn), "communities": (0xFDE80001,)},
        {"length": 26, "as_path": path(asn), "communities": (0xFDE80001, 0xFDE80002, 0xFFFFFF04)},
        {"length": 24, "as_path": path(asn), "large_communities": ((1, 2, 3), (1, 2, 4))},
        {
            "length": 27,
            "as_path": path(asn),
            "ext_communities": (2 << 48 | 1 << 32 | 1, 3 << 48 | 2 << 32 | 2),
        },
        {"length": 24, "as_path": path(asn, 65200), "med": 100, "origin": 1},
        {
            "length": 25,
            "as_path": path(asn),
            "origin": 2,
            "atomic": True,
            "aggregator": Aggregator(65009, 0x0A0A0A0A),
        },
        {"length": 24, "as_path": AsPath([(2, (asn,)), (1, (65300, 65301))])},
        {"length": 24, "as_path": path(asn, asn, asn), "nexthop": Address.parse("10.200.255.9")},
        {"length": 24, "as_path": path(asn), "communities": (0, 0xFDE80002), "med": 0},
        *(
            {
                "length": 24,
                "as_path": path(asn),
                "ext_communities": (0x43 << 56 | state, 0x4004FDE847435000),
                "large_communities": ((1, 2, 4),),
            }
            for state in (0, 1, 2)
        ),
    ]


def messages(address: str, asn: int, first: str, first6: str) -> list[str]:
    """UPDATEs of these routes, from `first`/16 on, and of two of IPv6."""
    pool = AttrPool()
    said: list[bytes] = []
    base, base6 = Address.parse(first).value, Address.parse(first6).value
    for number, values in enumerate(routes(asn), 1):
        length = values.pop("length")
        fields = {"origin": 0, "nexthop": Address.parse(address), **values}
        attrs = pool.make(**fields)
        key = Prefix(Afi.IPV4, base + (number << 8), length).key
        said += encode_update(encode(attrs, nexthop=attrs.nexthop), [key], Afi.IPV4)
    for number, length in ((1, 48), (2, 64)):
        attrs = pool.make(origin=0, as_path=AsPath.sequence(asn))
        key = Prefix(Afi.IPV6, base6 + (number << 80), length).key
        hop = Address.parse(f"2001:db8:200::{address.rpartition('.')[2]}").pack()
        said += encode_update(encode(attrs, nexthop=None), [key], Afi.IPV6, hop)
    return [message.hex() for message in said]


def config(shard: int) -> str:
    """The router's: lists, maps, neighbors."""
    lines = [LISTS.rstrip()]
    for address, of_map in list(zip(VOICES, MAPS.values(), strict=False))[shard::SHARDS]:
        lines += [line.replace("OWN", address) for line in of_map]
    lines += ["router bgp 65001", " bgp router-id 10.200.0.254", " no bgp ebgp-requires-policy"]
    voices = dict(list(VOICES.items())[shard::SHARDS])
    for address, asn in {**voices, SOURCE: 64999, COLLECTOR: 65001}.items():
        lines += [f" neighbor {address} remote-as {asn}", f" neighbor {address} passive"]
        lines.append(f" neighbor {address} timers 1200 3600")
    for family in ("ipv4", "ipv6"):
        lines.append(f" address-family {family} unicast")
        for address, filters in zip(voices, FILTERS[shard::SHARDS], strict=True):
            lines.append(f"  neighbor {address} activate")
            for way in ("in", "out"):
                lines += [f"  neighbor {address} {text.format(d=way)}" for text in filters]
        lines += [f"  neighbor {address} activate" for address in (SOURCE, COLLECTOR)]
        lines.append(" exit-address-family")
    return "\n".join([*lines, "exit", ""])


def play(kind: str, shard: int) -> Story:
    """What comes of it with one router and a share of the neighbors."""
    with Lab() as lab:
        namespace, others = lab.namespace("r1"), lab.namespace("crowd")
        lab.link(namespace, "e1", others, "e1")
        namespace.ip("address", "add", f"{ROUTER}/16", "dev", "e1")
        namespace.ip("address", "add", "2001:db8:200::fe/64", "dev", "e1", "nodad")
        voices: dict[str, Any] = {
            COLLECTOR: {"asn": 65001, "say": [], "about": ["10.", *OWN, "2001:db8:"]}
        }
        say = messages(SOURCE, 64999, "172.16.0.0", "2001:db8:ff00::")
        voices[SOURCE] = {"asn": 64999, "say": say, "about": OWN}
        for number, (address, asn) in list(enumerate(VOICES.items(), 1))[shard::SHARDS]:
            say = messages(address, asn, f"10.{number}.0.0", f"2001:db8:{number:x}00::")
            voices[address] = {"asn": asn, "say": say, "about": OWN}
        for address in voices:
            others.ip("address", "add", f"{address}/16", "dev", "e1")
        router = KINDS[kind](namespace, {"bgpd.conf": config(shard)})
        router.start()
        crowd = Crowd(others, ROUTER, 65001, voices)
        try:
            heard = settled(crowd, router)
            table = json.loads(router.show("show ip bgp json"))["routes"]
        finally:
            crowd.close()
        return heard, table


def settled(crowd: Crowd, router: Router) -> dict[str, Heard]:
    """Wait until nobody hears anything new for `CALM`, and the router did nothing meanwhile.

    On a busy machine a router that still has much to tell may say nothing for seconds.
    """
    last: dict[str, Heard] = {}
    since = used = 0.0

    def still() -> bool:
        nonlocal last, since, used
        before, last = last, crowd.heard()
        now, cpu = monotonic(), router.cpu("bgpd")
        moving = [name for name in last if before.get(name) != last[name]]
        if moving or cpu - used > IDLE:
            since, used = now, cpu
        count = sum(map(len, last.values()))
        if now - since < CALM or count < ENOUGH:
            raise AssertionError(f"{count} routes; new at {moving}")
        return True

    until(still, 90, f"all routes were told by {router.kind}", interval=0.25)
    return last


@pytest.fixture(scope="module")
def stories() -> Stories:
    """Both routers at the same time: most of it is waiting."""
    plays = [(kind, shard) for shard in range(SHARDS) for kind in ("ours", "frr")]
    with ThreadPoolExecutor() as pool:
        done = dict(zip(plays, pool.map(play, *zip(*plays, strict=True)), strict=True))
    found: Stories = {"ours": ({}, {}), "frr": ({}, {})}
    for (kind, _), (heard, table) in done.items():
        all_heard, all_rows = found[kind]
        for address, routes in heard.items():
            all_heard.setdefault(address, {}).update(routes)
        all_rows.update(table)
    return found


def _named(filters: tuple[str, ...]) -> str:
    text = "; ".join(filters)
    for name, lines in MAPS.items():
        text = text.replace(f"route-map {name} {{d}}", " ".join(map(str.strip, lines)))
    return text.replace("route-map", "").replace("exit", "").replace("  ", " ").strip()


NAMED = [
    pytest.param(number, address, id=_named(filters))
    for number, (address, filters) in enumerate(zip(VOICES, FILTERS, strict=True), 1)
]


@pytest.mark.parametrize(("number", "address"), NAMED)
def test_inward(number: int, address: str, stories: Stories) -> None:
    starts = (f"10.{number}.", *(f"2001:db8:{number:x}0{n}:" for n in range(3)))

    def taken(story: Story) -> Heard:
        return {p: said for p, said in story[0][COLLECTOR].items() if p.startswith(starts)}

    assert taken(stories["ours"]) == taken(stories["frr"])


@pytest.mark.parametrize(("number", "address"), NAMED)
def test_outward(number: int, address: str, stories: Stories) -> None:
    def told(story: Story) -> Heard:
        return story[0][address]

    assert told(stories["ours"]) == told(stories["frr"])


def test_tables(stories: Stories) -> None:
    ours, frrs = stories["ours"], stories["frr"]

    def rows(story: Story) -> dict[str, list[dict[str, Any]]]:
        def row(path: dict[str, Any]) -> dict[str, Any]:
            # FRR keeps doubles in a set whose numbers a map replaced.
            return {name: path.get(name) for name in names} | {
                "path": path["path"].replace("{65001,65001}", "{65001}")
            }

        names = ("valid", "weight", "locPrf", "metric", "path", "origin", "nexthops")
        table = {p: paths for p, paths in story[1].items() if not p.startswith(ODD)}
        return {prefix: [row(path) for path in paths] for prefix, paths in table.items()}

    assert len(frrs[1]) > 700
    assert rows(ours) == rows(frrs)
