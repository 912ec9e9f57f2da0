"""Writes the topologies `decisions-...`: drawn sets of competing paths, and knobs turned upon them.

    python -m tests.conformance.draw        then record them

Each prefix is announced by some of the speakers. Their paths begin equal and differ in few
attributes, so that late steps of the decision are reached as well. Every block of announcements
ends with a prefix of its own; only when that has been chosen the next block is said, since what
came first counts. The seed is fixed: the same files come out every time.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from tests.conformance.scene import TOPOLOGIES

PREFIXES, BLOCKS = 105, 3
WEIGHTS = (50, 70)
HOPS = {"10.91.0.1": 10, "10.92.0.1": 20, "10.93.0.1": 10}
"""Next hops behind kernel routes, with the metric of each."""

HEAD = """\
frr defaults traditional
hostname router
!
router bgp 65001
 bgp route-map delay-timer 1
!
bgp community-list standard W50 seq 5 permit 65001:50
bgp community-list standard W70 seq 5 permit 65001:70
!
route-map IN permit 10
 match community W50
 set weight 50
!
route-map IN permit 20
 match community W70
 set weight 70
!
route-map IN permit 30
!
"""


@dataclass(frozen=True, slots=True)
class Peer:
    """A speaker: `internal` and `confederate` tell how the router sees it."""

    number: int
    asn: int
    router_id: str
    internal: bool = False
    confederate: bool = False

    @property
    def name(self) -> str:
        """The name of its file."""
        return f"s{self.number}"

    @property
    def address(self) -> str:
        """Its own."""
        return f"10.0.0.{self.number}"


@dataclass(frozen=True, slots=True)
class Drawing:
    """A topology to be written: `knobs` are typed in `router bgp`, one after another.

    Only one is turned at a time: FRR does not choose between two lines, or does, as it happens.
    """

    name: str
    seed: int
    peers: tuple[Peer, ...]
    knobs: tuple[str, ...]
    family: str = ""
    instance: str = ""
    """Further lines of `router bgp`, behind and before the others."""


EXTERNAL = (
    Peer(2, 65002, "9.0.0.7"),
    Peer(3, 65002, "9.0.0.5"),
    Peer(4, 65003, "9.0.0.5"),
    Peer(5, 65004, "9.0.0.6"),
)
INTERNAL = tuple(
    Peer(number, 65001, f"9.0.0.{id_}", internal=True) for number, id_ in ((6, 3), (7, 2), (8, 9))
)
CONFEDERATE = (
    Peer(9, 65101, "9.0.0.1", confederate=True),
    Peer(10, 65102, "9.0.0.4", confederate=True),
)
IPV4 = "address-family ipv4 unicast"
ONE_PATH = f" {IPV4}\n  maximum-paths 1\n  maximum-paths ibgp 1\n exit-address-family"
CONFEDERATION = " bgp confederation identifier 65500\n bgp confederation peers 65101 65102"
DRAWINGS = (
    Drawing(
        "decisions-mixed",
        4001,
        EXTERNAL + INTERNAL,
        (
            "bgp always-compare-med",
            "bgp bestpath med missing-as-worst",
            "no bgp always-compare-med",
            "bgp deterministic-med",
            "bgp bestpath compare-routerid",
            "bgp bestpath as-path ignore",
            "no bgp deterministic-med",
            "no bgp bestpath compare-routerid",
        ),
    ),
    Drawing(
        "decisions-multipath",
        4002,
        EXTERNAL + INTERNAL,
        (
            f"{IPV4}; maximum-paths 8",
            "bgp bestpath as-path multipath-relax",
            "bgp bestpath peer-type multipath-relax",
            f"{IPV4}; maximum-paths ibgp 8 equal-cluster-length",
            "bgp bestpath compare-routerid",
            f"{IPV4}; maximum-paths ibgp 2",
            "no bgp bestpath as-path multipath-relax",
            "bgp always-compare-med",
        ),
        ONE_PATH,
    ),
    Drawing(
        "decisions-confederation",
        4003,
        EXTERNAL[1:] + INTERNAL[:2] + CONFEDERATE,
        (
            "bgp bestpath as-path confed",
            "bgp bestpath med confed",
            "bgp deterministic-med",
            "bgp bestpath med confed missing-as-worst",
            "no bgp bestpath as-path confed",
            "bgp bestpath compare-routerid",
            f"{IPV4}; maximum-paths 8",
            f"{IPV4}; maximum-paths ibgp 8",
        ),
        ONE_PATH,
        CONFEDERATION,
    ),
)


def config(drawing: Drawing) -> str:
    """The router's file."""
    lines = ["router bgp 65001", " bgp router-id 10.0.0.1", " no bgp network import-check"]
    lines += [drawing.instance] if drawing.instance else []
    for peer in drawing.peers:
        lines.append(f" neighbor {peer.address} remote-as {peer.asn}")
        lines.append(f" neighbor {peer.address} timers connect 1")
        lines.append(f" neighbor {peer.address} passive")
    lines += [" no bgp ebgp-requires-policy", " address-family ipv4 unicast"]
    lines += [f"  network 10.{block + 1}.{number}.0/24" for block, number in local()]
    lines += [f"  neighbor {peer.address} route-map IN in" for peer in drawing.peers]
    lines += [" exit-address-family", *([drawing.family] if drawing.family else []), "!", ""]
    return HEAD + "\n".join(lines)


def local() -> Iterator[tuple[int, int]]:
    """The prefixes that the router has of its own, too: block and number."""
    for block in range(BLOCKS):
        yield from ((block, number) for number in (3, 4))


def attributes(rng: random.Random, peer: Peer, common: dict[str, str]) -> str:
    """What a speaker says of a prefix: the common attributes, some of them changed."""

    def either(name: str, *others: str, chance: float = 0.12) -> str:
        return rng.choice(others) if rng.random() < chance else common[name]

    tail = either("tail", "64700", "64700 64701", "64702 {64703,64704}", "64701", chance=0.2)
    first = (
        str(peer.asn)
        if not (peer.internal or peer.confederate)
        else either("first", "65002", "65003")
    )
    confed = ""
    if peer.confederate:
        confed = rng.choice((f"({peer.asn})", f"({peer.asn} 65109)"))
    path = " ".join(part for part in (confed, first, tail) if part)
    said = [f"origin {either('origin', 'igp', 'egp', 'incomplete')}", f"path {path}"]
    med = either("med", "5", "10", "", chance=0.3)
    said += [f"med {med}"] if med else []
    if peer.internal or peer.confederate:
        said.append(f"local-pref {either('preference', '100', '120', chance=0.08)}")
        said.append(f"next-hop {either('hop', *HOPS, chance=0.3)}")
    if peer.internal and rng.random() < 0.4:
        said.append(f"originator 9.0.0.{rng.choice((2, 8, 11))}")
        said.append(f"clusters {rng.choice(('1.1.1.1', '1.1.1.1 2.2.2.2', '3.3.3.3'))}")
    if rng.random() < 0.05:
        said.append(f"communities 65001:{rng.choice(WEIGHTS)}")
    return " ".join(said)


def block(rng: random.Random, drawing: Drawing, number: int) -> dict[Peer, list[str]]:
    """The announcements of a block by speaker."""
    found: dict[Peer, list[str]] = {peer: [] for peer in drawing.peers}
    for index in range(PREFIXES):
        common = {
            "tail": rng.choice(("64700", "64700", "64700 64701")),
            "first": rng.choice(("65002", "65003")),
            "origin": rng.choice(("igp", "igp", "incomplete")),
            "med": rng.choice(("", "", "10")),
            "preference": "100",
            "hop": rng.choice(("10.91.0.1", "10.93.0.1")),
        }
        count = rng.choice((2, 2, 3, 3, 4, 5))
        for peer in rng.sample(drawing.peers, count):
            words = attributes(rng, peer, common)
            found[peer].append(f"announce 10.{number + 1}.{index}.0/24 {words}")
    return found


def plain(peer: Peer) -> str:
    """Attributes that a speaker has to give."""
    if peer.confederate:
        return f" path ({peer.asn}) local-pref 100"
    return " path local-pref 100" if peer.internal else ""


def warm_up(drawing: Drawing) -> list[str]:
    """Every next hop is used once: FRR asks zebra for each, and takes paths that wait backwards."""
    lines = []
    for peer in drawing.peers:
        hops = ["", *HOPS] if peer.internal or peer.confederate else [""]
        words = [plain(peer) + (f" next-hop {hop}" if hop else "") for hop in hops]
        prefixes = [f"10.254.{peer.number}.{16 * at}/28" for at in range(len(hops))]
        lines.append(f"@{peer.name} say")
        lines += [
            f"  announce {prefix}{said}" for prefix, said in zip(prefixes, words, strict=True)
        ]
        lines += [f"wait show bgp ipv4 unicast {prefix} ~ best #1" for prefix in prefixes]
    return lines


def story(drawing: Drawing) -> str:
    """The announcements, then the knobs."""
    rng = random.Random(drawing.seed)
    lines = [f"# Written by tests/conformance/draw.py, seed {drawing.seed}."]
    for hop, metric in HOPS.items():
        net = hop.removesuffix(".1") + ".0/24"
        lines.append(f"do ip route add {net} via 10.0.0.{drawing.peers[0].number} metric {metric}")
    lines += [f"@{peer.name} wait state ~ established" for peer in drawing.peers]
    lines += warm_up(drawing)
    marks = 0
    for number in range(BLOCKS):
        said = block(rng, drawing, number)
        order = rng.sample(drawing.peers, len(drawing.peers))
        for peer in order:
            marks += 1
            mark = f"10.255.{marks}.0/24"
            lines += [f"@{peer.name} say", *(f"  {text}" for text in said[peer])]
            lines += [f"  announce {mark}{plain(peer)}"]
            lines.append(f"wait show bgp ipv4 unicast {mark} ~ best #1")
    lines.append("decisions")
    for knob in drawing.knobs:
        typed = ("router bgp 65001", *knob.split("; "))
        lines += ["type", *(f"  {line}" for line in typed), "decisions"]
    return "\n".join([*lines, ""])


def write(drawing: Drawing) -> None:
    """Make the folder."""
    folder = TOPOLOGIES / drawing.name
    folder.mkdir(exist_ok=True)
    (folder / "router.conf").write_text(config(drawing))
    (folder / "story").write_text(story(drawing))
    for peer in drawing.peers:
        text = f"as {peer.asn}\nfamilies ipv4-unicast\nrouter-id {peer.router_id}\n"
        (folder / f"{peer.name}.speaker").write_text(text)


if __name__ == "__main__":
    for one in DRAWINGS:
        write(one)
