"""Lines of neighbors, aggregates and the instance beside FRR's: what each neighbor hears with them,
what the table shows and what the kernel gets, at first and after lines are typed.

```
source 10.201.0.200 (64999)     inside 10.201.0.201 (65001)
                 \\               /
                  r1 (65001)                     FRR, then ours
                 /
voices 10.201.0.1, .2, ... (65101, 65102, ...)   each with its own line
```
"""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from bgp.attrs import AttrPool, encode
from bgp.wire.attributes.aspath import AsPath
from bgp.wire.update import encode_update
from grammar.base.values import Address, Afi, Prefix
from tests.support.crowd import Crowd, Heard
from tests.support.namespaces import Lab
from tests.support.scenario import KINDS
from tests.support.wait import steady

pytestmark = pytest.mark.real

ROUTER, SOURCE, INSIDE = "10.201.0.254", "10.201.0.200", "10.201.0.201"

LINES = [
    "weight 0",
    "remove-private-AS",
    "remove-private-AS all",
    "remove-private-AS replace-AS",
    "remove-private-AS all replace-AS",
    "as-override",
    "route-server-client",
    "attribute-unchanged as-path",
    "attribute-unchanged next-hop",
    "attribute-unchanged med",
    "attribute-unchanged",
    "unsuppress-map LOW",
    "soo 1:1",
    "sender-as-path-loop-detection",
    "next-hop-self",
]
OF_SESSION = {"sender-as-path-loop-detection"}
"""Lines of `router bgp` itself."""
VOICES = {f"10.201.0.{n}": 65100 + n for n in range(1, len(LINES) + 1)}

BELOW = {
    "172.16.16.0/20": "",
    "172.16.32.0/20": " summary-only",
    "172.16.48.0/20": " as-set",
    "172.16.64.0/20": " as-set summary-only origin egp",
    "172.16.80.0/20": " suppress-map LOW",
    "172.16.96.0/20": " matching-MED-only",
    "172.16.112.0/20": " route-map MARK",
}
STEPS = {
    "start": [],
    "graceful shutdown": ["bgp graceful-shutdown"],
    "highest MED": ["no bgp graceful-shutdown", "bgp max-med administrative 77"],
    "aggregates change": [
        "no bgp max-med administrative",
        "no aggregate-address 172.16.32.0/20 summary-only",
        "aggregate-address 172.16.16.0/20 summary-only",
        "no aggregate-address 172.16.48.0/20 as-set",
    ],
}

Story = dict[str, tuple[dict[str, Heard], dict[str, Any], set[str]]]
"""By step, what the speakers heard, the router's table, and the aggregates in the kernel."""


def routes() -> list[tuple[str, dict[str, Any]]]:
    """What the source announces."""
    path = AsPath.sequence
    plain: list[tuple[str, dict[str, Any]]] = [
        ("172.31.1.0/24", {"as_path": path(64999, 64600, 64700)}),
        ("172.31.2.0/24", {"as_path": path(64999, 3356, 64700)}),
        ("172.31.3.0/24", {"as_path": path(64999, 65106, 65106)}),
        ("172.31.4.0/24", {"as_path": path(64999, 65114, 1)}),
        ("172.31.5.0/24", {"as_path": path(64999), "med": 50}),
        ("172.31.6.0/24", {"as_path": path(64999), "communities": (0xFFFF0000,)}),
        ("172.31.7.0/24", {"as_path": path(64999), "ext_communities": (3 << 48 | 1 << 32 | 1,)}),
        ("172.31.8.0/24", {"as_path": AsPath([(2, (64999,)), (1, (64512, 3))])}),
        ("172.31.9.0/24", {"as_path": path(64999), "nexthop": Address.parse("10.201.9.9")}),
    ]
    for prefix in BELOW:
        base = Prefix.parse(prefix)
        for number, values in enumerate(
            (
                {"as_path": path(64999, 10, 20), "med": 5, "communities": (1 << 16 | 1,)},
                {"as_path": path(64999, 10, 30), "med": 5, "origin": 2},
                {"as_path": path(64999, 40), "med": 6, "communities": (1 << 16 | 2,)},
            )
        ):
            below = Prefix(Afi.IPV4, base.value + (number << 8), 24)
            plain.append((str(below), dict(values)))
    return plain


def messages() -> list[str]:
    """UPDATEs of these routes."""
    pool = AttrPool()
    said: list[bytes] = []
    for prefix, values in routes():
        fields = {"origin": 0, "nexthop": Address.parse(SOURCE), **values}
        attrs = pool.make(**fields)
        key = Prefix.parse(prefix).key
        said += encode_update(encode(attrs, nexthop=attrs.nexthop), [key], Afi.IPV4)
    return [message.hex() for message in said]


def config() -> str:
    """The router's."""
    lines = [
        # FRR would look at the aggregates' map again amid the steps, and keep what it finds then.
        "bgp route-map delay-timer 1",
        "ip prefix-list LOW permit 172.16.80.0/24",
        "ip prefix-list LOW permit 172.16.32.0/24",
        "route-map LOW permit 10",
        " match ip address prefix-list LOW",
        "route-map MARK permit 10",
        " set community 9:9",
        " set metric 12",
        "router bgp 65001",
        " bgp router-id 10.201.0.254",
        " no bgp ebgp-requires-policy",
    ]
    for address, asn in {**VOICES, SOURCE: 64999, INSIDE: 65001}.items():
        lines += [f" neighbor {address} remote-as {asn}", f" neighbor {address} passive"]
        lines.append(f" neighbor {address} timers 1200 3600")
    typed = list(zip(VOICES, LINES, strict=True))
    lines += [f" neighbor {name} {line}" for name, line in typed if line in OF_SESSION]
    lines += [" address-family ipv4 unicast", "  network 203.0.113.0/24"]
    lines += [f"  aggregate-address {prefix}{options}" for prefix, options in BELOW.items()]
    lines += [f"  neighbor {name} {line}" for name, line in typed if line not in OF_SESSION]
    return "\n".join([*lines, " exit-address-family", "exit", ""])


def play(kind: str) -> Story:
    """What comes of it with one router."""
    story: Story = {}
    with Lab() as lab:
        namespace, others = lab.namespace("n1r1"), lab.namespace("n1crowd")
        lab.link(namespace, "e1", others, "e1")
        namespace.ip("address", "add", f"{ROUTER}/16", "dev", "e1")
        voices: dict[str, Any] = {
            name: {"asn": asn, "say": [], "about": [""]} for name, asn in VOICES.items()
        }
        voices[INSIDE] = {"asn": 65001, "say": [], "about": [""]}
        voices[SOURCE] = {"asn": 64999, "say": messages(), "about": [""]}
        for address in voices:
            others.ip("address", "add", f"{address}/16", "dev", "e1")
        router = KINDS[kind](namespace, {"bgpd.conf": config()})
        router.start()
        crowd = Crowd(others, ROUTER, 65001, voices)
        try:
            for step, typed in STEPS.items():
                if typed:
                    router.configure("router bgp 65001", *typed)
                    router.vtysh("clear bgp * soft")
                heard = settled(crowd)
                table = json.loads(router.show("show ip bgp json"))["routes"]
                kernel = namespace.ip("route", "list", "type", "blackhole")
                story[step] = heard, table, {line.split()[1] for line in kernel.splitlines()}
        finally:
            crowd.close()
    return story


def settled(crowd: Crowd) -> dict[str, Heard]:
    """Wait until all sessions are up and nobody hears anything new."""

    def heard() -> dict[str, Heard]:
        found = crowd.heard()
        assert all(found.values()), str({name: len(routes) for name, routes in found.items()})
        return found

    return steady(heard, 40, "all routes were told", calm=2.0, interval=0.25)


@pytest.fixture(scope="module")
def stories() -> dict[str, Story]:
    """Both routers at the same time: most of it is waiting."""
    kinds = ("ours", "frr")
    with ThreadPoolExecutor() as pool:
        return dict(zip(kinds, pool.map(play, kinds), strict=True))


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("line", [*LINES, "inside", "source"])
def test_what_is_heard(line: str, step: str, stories: dict[str, Story]) -> None:
    names = dict(zip([*LINES, "inside", "source"], [*VOICES, INSIDE, SOURCE], strict=True))
    assert stories["ours"][step][0][names[line]] == stories["frr"][step][0][names[line]]


@pytest.mark.parametrize("step", STEPS)
def test_tables(step: str, stories: dict[str, Story]) -> None:
    def rows(kind: str) -> dict[str, list[dict[str, Any]]]:
        wanted = ("valid", "bestpath", "suppressed", "weight", "locPrf", "metric", "path", "origin")
        return {
            prefix: [{name: path.get(name) for name in wanted} for path in paths]
            for prefix, paths in stories[kind][step][1].items()
        }

    assert len(rows("frr")) > 30
    assert rows("ours") == rows("frr")


@pytest.mark.parametrize("step", STEPS)
def test_aggregates_in_the_kernel(step: str, stories: dict[str, Story]) -> None:
    assert stories["frr"][step][2]
    assert stories["ours"][step][2] == stories["frr"][step][2]
