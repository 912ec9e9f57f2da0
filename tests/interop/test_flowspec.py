"""Flow specifications beside FRR's bgpd: the same rules come in from written bytes and from GoBGP;
what is shown and what the neighbours hear has to be the same, byte for byte.

```
speakers .2 (AS 65002) .3 (AS 65003) .4 (AS 65001)  ---  router 10.0.0.1 (AS 65001)  ---  gobgpd
```
"""

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

import pytest

from bgp.wire.attributes.reader import Reader
from bgp.wire.attributes.row import pack as attribute
from bgp.wire.flowspec import frame
from bgp.wire.flowspec import split as rules_in
from bgp.wire.message import MessageType
from bgp.wire.update import split
from tests.support.frr import FrrRouter
from tests.support.gobgp import Gobgp, Neighbor
from tests.support.masks import mask
from tests.support.namespaces import Lab
from tests.support.ours import OurRouter
from tests.support.router import Router
from tests.support.speaker import Speaker
from tests.support.wait import until

pytestmark = pytest.mark.real

SPEAKERS = {2: 65002, 3: 65003, 4: 65001}
WRONG = 5
"""The speaker that says what cannot be taken; AS 65005."""
FAMILIES = ((1, 1), (1, 133), (2, 133))
GOBGP = "10.0.1.2"
CONFIG = "\n".join(
    [
        "router bgp 65001",
        " bgp router-id 10.0.0.1",
        " no bgp ebgp-requires-policy",
        *(f" neighbor 10.0.0.{n} remote-as {asn}" for n, asn in SPEAKERS.items()),
        f" neighbor 10.0.0.{WRONG} remote-as 65005",
        *(f" neighbor 10.0.0.{n} passive" for n in (*SPEAKERS, WRONG)),
        f" neighbor {GOBGP} remote-as 64512",
        f" neighbor {GOBGP} passive",
        " !",
        *(
            line
            for afi in ("ipv4", "ipv6")
            for line in (
                f" address-family {afi} flowspec",
                *(f"  neighbor 10.0.0.{n} activate" for n in (*SPEAKERS, WRONG)),
                *([f"  neighbor {GOBGP} activate"] if afi == "ipv4" else []),
                " exit-address-family",
                " !",
            )
        ),
        "",
    ]
)
DISCARD = bytes.fromhex("8006000000000000")


@dataclass
class Scene:
    """A router with its neighbours."""

    router: Router
    speakers: dict[int, Speaker]
    gobgp: Gobgp
    of_gobgp: list[str] = field(default_factory=list)
    """What was shown of GoBGP's rules, and what GoBGP heard."""

    def tell(self, who: int, update: bytes, told: tuple[int, ...] = (2, 3, 4)) -> None:
        """Send the attributes of an UPDATE, and wait until those who are told of it heard."""
        with self.hears(*told):
            self.speakers[who].say(update)

    @contextmanager
    def hears(self, *told: int) -> Iterator[None]:
        """Wait at the end until each of these has heard one more UPDATE."""
        before = {number: len(self.speakers[number].bodies()) for number in told}
        yield
        until(
            lambda: all(len(self.speakers[n].bodies()) > before[n] for n in told),
            10,
            f"{self.router.kind}: an UPDATE at {told}",
        )

    def rules_of_gobgp(self) -> str:
        """GoBGP's table without the ages."""
        text = self.gobgp.run("global", "rib", "-a", "ipv4-flowspec")
        return "\n".join(sorted(re.sub(r" \d\d:\d\d:\d\d ", " ", text).splitlines()))

    def quiet(self) -> None:
        """Wait until all have heard that the rules are gone, and forget what was heard."""
        gone = len(GOBGP_RULES)
        for speaker in self.speakers.values():
            until(lambda s=speaker: _withdrawn(s) >= gone + 1, 10, "withdrawals")  # type: ignore[misc]
            speaker.heard.clear()

    def show(self, command: str) -> str:
        shown = mask(self.router.vtysh(command).text)
        # Groups are numbered in the order in which the neighbours came.
        shown = re.sub(r'(group |GroupId":)\d+', r"\1N", shown)
        # Whether a neighbour was started or connected first is a race that FRR tells.
        shown = re.sub(r".*[lL]ast ?[rR]eset.*\n", "", shown)
        # The hosts' names, and the last hostname of the GoBGP of each.
        return re.sub(rf"\b{self.router.kind}(g?)\b", r"KIND\1", shown)


def _scene(lab: Lab, kind: type[Router], stack: ExitStack) -> Scene:
    name = kind.kind
    near, far, third = (lab.namespace(f"{name}{suffix}") for suffix in ("", "p", "g"))
    lab.link(near, "eth0", far, "eth0")
    lab.link(near, "eth1", third, "eth0")
    near.ip("address", "add", "10.0.0.1/24", "dev", "eth0")
    near.ip("address", "add", "10.0.1.1/24", "dev", "eth1")
    third.ip("address", "add", f"{GOBGP}/24", "dev", "eth0")
    for number in (*SPEAKERS, WRONG):
        far.ip("address", "add", f"10.0.0.{number}/24", "dev", "eth0")
    router = kind(near, {"bgpd.conf": CONFIG})
    router.start("zebra", "bgpd")
    neighbor = Neighbor("10.0.1.1", 65001)
    gobgp = Gobgp(third, 64512, GOBGP, [neighbor], ("ipv4-unicast", "ipv4-flowspec"))
    gobgp.start()
    speakers = {
        number: Speaker(far, f"10.0.0.{number}", "10.0.0.1", asn, FAMILIES)
        for number, asn in SPEAKERS.items()
    }
    for speaker in speakers.values():
        stack.callback(speaker.close)
    until(lambda: gobgp.state("10.0.1.1") == "established", 30, "gobgp is up")
    shown = "show bgp ipv4 flowspec summary json"
    until(lambda: router.show(shown).count('"state":"Established"') == 4, 20, "all are up")
    return Scene(router, speakers, gobgp)


def _withdrawn(speaker: Speaker) -> int:
    """How many rules were withdrawn from a speaker."""
    count = 0
    for body in speaker.bodies():
        found = Reader()
        found.read(split(body).attributes, (True, True, False))
        unreach = found.values.get("mp_unreach")
        count += 0 if unreach is None else len(rules_in(unreach.nlri, unreach.afi))
    return count


Pair = tuple[Scene, Scene]


@pytest.fixture(scope="module")
def pair() -> Iterator[Pair]:
    """FRR's router and ours after the same rules."""
    with Lab() as lab, ExitStack() as stack:
        scenes = _scene(lab, FrrRouter, stack), _scene(lab, OurRouter, stack)
        for scene in scenes:
            _play_gobgp(scene)
            _play(scene)
        yield scenes


def _reach(
    asn: int,
    *rules: str,
    extended: bytes = DISCARD,
    afi: int = 1,
    hop: bytes = b"",
    more: bytes = b"",
) -> bytes:
    """The attributes of an UPDATE that announces rules; without an AS the sender is internal."""
    path = bytes([2, 1]) + asn.to_bytes(4, "big") if asn else b""
    nlri = b"".join(frame(bytes.fromhex(rule)) for rule in rules)
    value = afi.to_bytes(2, "big") + bytes([133, len(hop)]) + hop + b"\0" + nlri
    internal = b"" if asn else bytes.fromhex("40050400000064")
    return b"".join(
        [
            attribute(0x80, 14, value),
            attribute(0x40, 1, b"\0"),
            attribute(0x40, 2, path),
            internal,
            more,
            attribute(0xC0, 16, extended) if extended else b"",
        ]
    )


def _unreach(*rules: str, afi: int = 1) -> bytes:
    nlri = b"".join(frame(bytes.fromhex(rule)) for rule in rules)
    return attribute(0x80, 15, afi.to_bytes(2, "big") + bytes([133]) + nlri)


WEB = "01180a0000 038106"
DNS = "01180a0100 0218c0a801 038111 058135"
RULES = (
    "02180a0000",
    "01200a000001",
    "01100a00",
    "030106811104 0350950064",
    "06812007010081030801008103",
    "098102",
    "0a030040d50100",
    "0b812e",
    "0c8102",
    "048150",
    "090202 0112 4310 81ff",
    "0c0101 0202 0304 4208 8105",
    "0100",
    "01090aff",
    "038106 01180a0a0a",
    "030106",
    "02180a0a0a 059101ff",
    "04130050",
)
_EIGHT = "31000000000000000{} 31000000000000000{} 31000000000000000{} b1000000000000000{}"
LONG = "01180a0a0b" + "".join(
    f"{kind:02x}" + _EIGHT.format(1, 2, 3, 4) for kind in (3, 4, 5, 6, 7, 8, 10)
)
"""A rule of 264 bytes: its length takes two octets."""
LONG_RULE = bytes.fromhex(LONG)
ACTIONS = (
    "8006fdea47435000",
    "8006fdea7f800000",
    "8007000000000001",
    "8008fde900000064",
    "8108c0a801010064",
    "82080001000a0064",
    "800900000000000a",
    "800b0a0000020001",
    "0002fde900000064",
    "0103c0a801010064",
    "0800c00002010001",
    "030c000000000008",
    "0600010000000007",
    "4300000000000002",
    "0004fde947435000",
    "800d000000000000",
)


def _play_gobgp(scene: Scene) -> None:
    """GoBGP's own rules; it ends before those come that it was not made for."""
    scene.tell(2, _reach(65002, DNS))
    for words in GOBGP_RULES:
        with scene.hears(*SPEAKERS):
            scene.gobgp.run("global", "rib", "add", "-a", "ipv4-flowspec", *words.split())
    until(lambda: "192.168.1.0/24" in scene.rules_of_gobgp(), 10, "the rule at gobgp")
    scene.of_gobgp = [
        scene.show("show bgp ipv4 flowspec"),
        scene.show("show bgp ipv4 flowspec json"),
    ]
    scene.of_gobgp.append(scene.rules_of_gobgp())
    scene.tell(2, _unreach(DNS))
    scene.gobgp.stop()
    empty = "No BGP prefixes displayed, 0 exist"
    until(lambda: empty in scene.router.show("show bgp ipv4 flowspec"), 10, "no rule is left")
    scene.quiet()


def _play(scene: Scene) -> None:
    """Rules come and go; each UPDATE is waited for, so that none are packed by chance."""
    scene.tell(3, _reach(65003, WEB, extended=bytes.fromhex("80080000fde90064")))
    scene.speakers[2].say(_reach(65002, WEB))  # not the better one: nobody is told
    scene.tell(2, _reach(65002, DNS, extended=bytes.fromhex("8006fdea47435000")))
    for rule in RULES:
        scene.tell(2, _reach(65002, rule))
    for number, action in enumerate(ACTIONS):
        rule = f"0118ac10{number:02x}"
        scene.tell(2, _reach(65002, rule, extended=bytes.fromhex(action)))
    several = bytes.fromhex("".join(sorted(ACTIONS[:6])))
    communities = bytes.fromhex("c0080400010002")
    scene.tell(2, _reach(65002, "0118ac11ff", extended=several, more=communities))
    metric = bytes.fromhex("80040400000007")
    scene.tell(3, _reach(65003, "01180b0b0a", hop=bytes([9, 9, 9, 9]), more=metric))
    scene.tell(4, _reach(0, "01180c0a0a"), (2, 3))
    scene.tell(4, _reach(0, "01180c0b0b", hop=bytes([10, 0, 0, 4])), (2, 3))
    scene.tell(2, _unreach("098102"))
    scene.tell(2, _reach(65002, "098102"))
    for rule in ("01200020010db8", "02800020010db8000000000000000000000001 0d8105", "010000"):
        scene.tell(2, _reach(65002, rule, afi=2))
    scene.tell(2, _reach(65002, LONG))


GOBGP_RULES = (
    "match destination 10.20.0.0/24 protocol tcp then discard",
    "match source 10.21.0.0/16 destination-port ==80 ==443 then rate-limit 10000",
    "match destination 10.22.0.0/24 protocol udp fragment is-fragment then redirect 65001:7",
    "match destination 10.23.0.0/24 tcp-flags =SA packet-length >=100&<=200 then mark 10",
)
SHOWS = (
    "show bgp ipv4 flowspec",
    "show bgp ipv4 flowspec json",
    "show bgp ipv4 flowspec wide",
    "show bgp ipv4 flowspec detail",
    "show bgp ipv4 flowspec detail json",
    "show bgp ipv4 flowspec 10.0.0.0/24",
    "show bgp ipv4 flowspec 10.0.0.0/24 json",
    "show bgp ipv4 flowspec 10.0.0.0",
    "show bgp ipv4 flowspec 192.168.1.0/24",
    "show bgp ipv4 flowspec 192.0.2.1",
    "show bgp ipv4 flowspec 192.0.2.1 json",
    "show bgp ipv4 flowspec neighbors 10.0.0.2 routes",
    "show bgp ipv4 flowspec neighbors 10.0.0.2 routes json",
    "show bgp ipv4 flowspec neighbors 10.0.0.3 advertised-routes",
    "show bgp ipv4 flowspec neighbors 10.0.0.3 advertised-routes json",
    "show bgp ipv4 flowspec neighbors 10.0.0.3 received-routes",
    "show bgp ipv4 flowspec community 1:2",
    "show bgp ipv4 flowspec regexp _65003",
    "show bgp ipv4 flowspec statistics",
    "show bgp ipv4 flowspec statistics json",
    "show bgp ipv4 flowspec summary",
    "show bgp ipv4 flowspec summary json",
    "show bgp ipv6 flowspec",
    "show bgp ipv6 flowspec json",
    "show bgp ipv6 flowspec detail json",
    "show bgp ipv6 flowspec summary",
    "show bgp ipv4 all",
    "show bgp ipv4 all json",
    "show bgp summary",
    "show bgp summary json",
    "show bgp neighbors 10.0.0.2",
    "show bgp neighbors 10.0.0.2 json",
)


@pytest.mark.parametrize("command", SHOWS)
def test_shows_the_same(pair: Pair, command: str) -> None:
    frr, ours = (scene.show(command) for scene in pair)
    assert ours == frr


@pytest.mark.parametrize("number", SPEAKERS)
def test_neighbors_hear_the_same_bytes(pair: Pair, number: int) -> None:
    frr, ours = (scene.speakers[number].heard for scene in pair)
    assert len(frr) > len(RULES) + len(ACTIONS)
    assert _updates(ours) == _updates(frr)
    # FRR forgets the second octet of the length of a long rule: the next speaker cannot read it.
    assert any(frame(LONG_RULE) in body for _, body in ours)


def _updates(heard: list[tuple[int, bytes]]) -> list[str]:
    updates = (body for kind, body in heard if kind == MessageType.UPDATE)
    return [body.hex() for body in updates if LONG_RULE not in body]


def test_rules_of_gobgp(pair: Pair) -> None:
    """What GoBGP announces is shown the same, and it hears the same."""
    frr, ours = pair
    assert ours.of_gobgp == frr.of_gobgp
    assert "to 10.22.0.0/24" in ours.of_gobgp[0]


def test_prints_the_same(pair: Pair) -> None:
    """bgpd's part of the running configuration, through its own vty."""
    frr, ours = (
        scene.router.vtysh_run("-d", "bgpd", "-c", "show running-config").stdout for scene in pair
    )
    assert _router(ours) == _router(frr)
    assert "  neighbor 10.0.0.2 activate\n" in _router(ours)


def _router(text: str) -> str:
    return text[text.index("router bgp") : text.index("\nexit\n")]


@pytest.mark.parametrize("rule", ["0d8106", "01180a0a0a 0d8106", "039106", "01210a0a0a0a0a", ""])
def test_what_frr_refuses_ends_the_session(pair: Pair, rule: str) -> None:
    for scene in pair:
        namespace = scene.speakers[2].namespace
        speaker = Speaker(namespace, f"10.0.0.{WRONG}", "10.0.0.1", 65005, FAMILIES)
        until(lambda speaker=speaker: bool(speaker.bodies(MessageType.KEEPALIVE)), 10, "up")
        speaker.say(_reach(65005, rule))
        until(lambda speaker=speaker: bool(speaker.bodies(MessageType.NOTIFICATION)), 10, "3/9")
        assert speaker.bodies(MessageType.NOTIFICATION)[0] == bytes([3, 9])
        speaker.close()
