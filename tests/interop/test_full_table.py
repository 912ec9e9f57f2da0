"""A table of the Internet's kind through FRR's bgpd and ours: what comes of it is the same.

Best paths with all their attributes and in their order, what each kind of neighbour is told, and
the counters, prefix by prefix. Speed that drops a check is a defect, and would be seen here.
"""

import random
from collections.abc import Callable, Iterator

import pytest

from bgp.wire.message import MessageType, pack
from bgp.wire.nlri import encode_prefix
from bgp.wire.update import join, split
from grammar.base.values import Address, Afi, key_text
from tests.interop.fulltable import ASN, FEEDERS, Both
from tests.perf.stream import mixed_keys, said
from tests.support.wait import until

pytestmark = pytest.mark.real

KEYS = mixed_keys(3000, 1)
FEW = KEYS[:300]
SIX = mixed_keys(300, 2, Afi.IPV6)
SOME = [key_text(Afi.IPV4, key) for key in FEW[::12]]


@pytest.fixture(scope="module")
def started() -> Iterator[Both]:
    with Both() as both:
        yield both


@pytest.fixture
def both(started: Both) -> Iterator[Both]:
    """Two feeders, and nothing announced."""
    yield started
    started.clear()


def shuffled(keys: list[int], seed: int) -> list[int]:
    return random.Random(seed).sample(keys, len(keys))


def test_load_competition_change_repetition_and_withdrawal(both: Both) -> None:
    both.announce("f1", KEYS, 1)
    both.compare(*SOME)
    both.announce("f2", shuffled(KEYS, 2), 2)
    both.compare(*SOME)
    both.announce("f1", shuffled(KEYS, 3), 3)  # other paths, cut otherwise into messages
    both.compare(*SOME)
    told = [side.told() for side in both.sides]
    both.announce("f1", shuffled(KEYS, 3), 3)  # the same again: nobody is told anything
    more = [
        {name: count - was[name] for name, count in side.told().items()}
        for side, was in zip(both.sides, told, strict=True)
    ]
    assert set(more[0].values()) == set(more[1].values()) == {1}, more
    both.withdraw("f2", shuffled(KEYS, 4)[:1500])
    both.compare(*SOME)
    both.withdraw("f1", shuffled(KEYS, 5)[:2000])
    both.compare(*SOME)
    both.clear()
    found = both.compare()
    assert len(found["heard by internal"]) == 2  # the marks of the feeders


def test_ten_feeders_a_lost_one_and_a_late_monitor(both: Both) -> None:
    more = [name for name in FEEDERS if name not in ("f1", "f2")]
    both.up(*more)
    for number, name in enumerate(FEEDERS):
        both.announce(name, shuffled(FEW, number), 10 + number)
    both.compare(*SOME)
    both.down("f4")
    both.mark("f1")
    both.compare(*SOME)
    both.up("f4", "late")
    both.announce("f4", FEW, 30)
    found = both.compare(*SOME)
    assert len(found["heard by late"]) == len(FEW) + len(FEEDERS)
    both.clear()
    both.compare(*SOME)


def test_ipv6(both: Both) -> None:
    prefixes = [key_text(Afi.IPV6, key) for key in SIX[:60:6]]
    both.announce("f1", SIX, 1, Afi.IPV6)
    both.compare(*prefixes)
    both.announce("f2", shuffled(SIX, 1), 2, Afi.IPV6)
    both.compare(*prefixes)
    both.withdraw("f1", shuffled(SIX, 2)[:100], Afi.IPV6)
    both.compare(*prefixes)


def test_the_same_prefix_more_than_once_in_an_update(both: Both) -> None:
    asn, at = FEEDERS["f1"][1], Address.parse("192.0.2.1")
    (body,) = (message[19:] for message in said(FEW[:3], asn, at))
    _, attributes, nlri = split(body)
    (other,) = (split(message[19:])[1] for message in said(FEW[:3], asn, at, med=7))
    both.announce("f2", FEW[:40], 1)
    for withdrawn, attrs, prefixes in (
        (b"", attributes, nlri + nlri),
        (nlri[:4], other, nlri[4:]),
        (nlri + nlri, b"", b""),
        (nlri, b"", b""),  # nothing is left of it
        (b"", attributes, nlri),
        (b"", other, nlri + b"\x14\x18\x17\xff" + b"\x00"),  # bits behind the length; 0.0.0.0/0
        (b"", attributes, nlri[:4] + nlri),
    ):
        both.say("f1", [pack(MessageType.UPDATE, join(withdrawn, attrs, prefixes))])
        both.compare(*SOME[:3], "24.23.240.0/20", "0.0.0.0/0")
    rest = b"\x14\x18\x17\xf0\x00"
    both.say("f1", [pack(MessageType.UPDATE, join(nlri + rest, b"", b""))])
    both.compare(*SOME[:3])


def tlv(flags: int, code: int, value: str) -> bytes:
    data = bytes.fromhex(value)
    return bytes([flags, code, len(data)]) + data


def path(*asns: int, kind: int = 2) -> bytes:
    return tlv(0x40, 2, bytes([kind, len(asns)]).hex() + "".join(f"{asn:08x}" for asn in asns))


ORIGIN, PATH, HOP = tlv(0x40, 1, "00"), path(64601, 70001, 70002), tlv(0x40, 3, "c0000201")
WHOLE = ORIGIN + PATH + HOP
ODD = {
    "our own AS": ORIGIN + path(64601, 64600, 70001) + HOP,
    "another first AS": ORIGIN + path(70003, 70001) + HOP,
    "AS 0": ORIGIN + path(64601, 0, 70001) + HOP,
    "a segment of a confederation": ORIGIN + path(64601, 70001, kind=3) + HOP,
    "an empty path": ORIGIN + tlv(0x40, 2, "") + HOP,
    "no origin": PATH + HOP,
    "no path": ORIGIN + HOP,
    "no next hop": ORIGIN + PATH,
    "a long next hop": ORIGIN + PATH + tlv(0x40, 3, "c000020100"),
    "a short MED": WHOLE + tlv(0x80, 4, "000007"),
    "MED with other flags": WHOLE + tlv(0x40, 4, "00000007"),
    "local preference from outside": WHOLE + tlv(0x40, 5, "000000c8"),
    "ATOMIC_AGGREGATE with a value": WHOLE + tlv(0x40, 6, "00"),
    "a short aggregator": WHOLE + tlv(0xC0, 7, "0000fc59"),
    "an aggregator in AS 0": WHOLE + tlv(0xC0, 7, "00000000c0000209"),
    "half a community": WHOLE + tlv(0xC0, 8, "fc5900010001"),
    "no-export": WHOLE + tlv(0xC0, 8, "ffffff01"),
    "no-advertise": WHOLE + tlv(0xC0, 8, "ffffff02"),
    "half an extended community": WHOLE + tlv(0xC0, 16, "0002fc59"),
    "extended communities": WHOLE + tlv(0xC0, 16, "0002fc590000000140000000fc590001"),
    "AS4_PATH": WHOLE + tlv(0xC0, 17, "020100011171"),
    "half a large community": WHOLE + tlv(0xC0, 32, "0000fc5900000001"),
    "what nobody knows": WHOLE + tlv(0xC0, 99, "01") + tlv(0x80, 98, "02"),
    "another order": HOP + tlv(0x80, 4, "00000007") + PATH + ORIGIN,
}
"""Attributes that take some care; none of them ends a session of FRR's."""


def test_what_has_to_be_looked_at_with_care(both: Both) -> None:
    both.announce("f2", FEW, 1)
    both.announce("f1", FEW, 2)
    messages = []
    for at, attributes in zip(range(0, len(FEW), 5), ODD.values(), strict=False):
        nlri = b"".join(encode_prefix(key, 1) for key in FEW[at : at + 5])
        messages.append(pack(MessageType.UPDATE, join(b"", attributes, nlri)))
    both.say("f1", messages)
    touched = FEW[: 5 * len(ODD) : 5]
    both.compare(*(key_text(Afi.IPV4, key) for key in touched))


def test_filters_that_change(both: Both) -> None:
    both.up("f3")
    both.announce("f1", FEW, 1)
    both.announce("f2", FEW[::-1], 2)
    both.announce("f3", FEW[100:], 3)
    address = FEEDERS["f3"][0]
    for lines in (
        ["no ip prefix-list SOME seq 10", "ip prefix-list SOME seq 15 permit 0.0.0.0/0 ge 24"],
        ["route-map OUT permit 40", "set metric 9", "exit", "route-map OUT deny 30"],
        [f"router bgp {ASN}", f"neighbor {address} route-map IN in"],
        ["no route-map IN deny 20"],
        [f"router bgp {ASN}", "bgp bestpath med missing-as-worst"],
        ["no route-map OUT deny 30", "route-map OUT permit 30"],
    ):
        both.type(*lines)
        both.ask(f"clear bgp ipv4 unicast {address} soft in")
        both.compare(*SOME[:3], lines=[f"{ROUTES} neighbors {address} received-routes json"])
        again(both, lambda: both.ask("clear bgp ipv4 unicast * soft out"))
        both.compare()
    again(both, lambda: both.refresh("external"))


ROUTES = "show bgp ipv4 unicast"


def again(both: Both, action: Callable[[], None]) -> None:
    """What makes the routers tell a neighbour everything again."""
    told = [side.told()["external"] + len(FEW) + 3 for side in both.sides]
    action()
    until(lambda: [side.told()["external"] for side in both.sides] == told, 5, "told again")
