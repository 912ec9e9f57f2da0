"""Path attributes: FRR's bytes, sharing, RFC 7606 cell by cell, round trips, arbitrary bytes."""

import gc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bgp.attrs import FIELDS, AttrPool, AttrSet, encode
from bgp.negotiated import Negotiated
from bgp.wire import update
from bgp.wire.attributes.aggregator import Aggregator
from bgp.wire.attributes.aspath import AsPath, merge
from bgp.wire.attributes.multiprotocol import MpReach, MpUnreach
from bgp.wire.errors import Malformed, Reaction
from grammar.base.values import Address
from tests.bgp.outcome import outcome

EXTERNAL = Negotiated()
INTERNAL = Negotiated(external=False)
OLD = Negotiated(as4=False)

# The bodies in which bgpd 8.4.4 passed on one and the same route: to an iBGP peer, and to a peer
# that knows two-byte AS numbers only.
FULL = bytes.fromhex(
    "0000006a400101005002000e02030000fdebfa56ea000000fdec4003040a090002800404000000054005040000"
    "0064400600c00708fa56ea010a090009c00808fdea0001fdea0002c0200c000000010000000200000003c01008"
    "00020064000000c8c0230400000001e0c802010218c6336418c63365"
)
FULL_OLD = bytes.fromhex(
    "00000077400101005002000a0204fde9fdeb5ba0fdec4003040a090002400600c007065ba00a090009c00808fd"
    "ea0001fdea0002c0200c000000010000000200000003c010080002006400"
    "0000c8d011001202040000fde90000fdebfa56ea000000fdecc01208fa56ea010a090009c0230400000001e0c8"
    "02010218c6336418c63365"
)

ORIGIN = "40010100"
AS_PATH = "4002060201" + "0000fdea"
NEXT_HOP = "4003040a090002"
GOOD = ORIGIN + AS_PATH + NEXT_HOP
NEXT_V6 = "20010db8000900000000000000000002"
REACH_V6 = "800e1c00020110" + NEXT_V6 + "00" + "3020010db80042"


def decode(text: str, negotiated: Negotiated = EXTERNAL, nlri: bool = True):
    return AttrPool().decode(bytes.fromhex(text), negotiated, nlri=nlri)


def test_all_attributes_of_frr() -> None:
    raw = update.split(FULL).attributes
    attrs = AttrPool().intern(raw, INTERNAL)
    assert attrs.raw == raw
    assert attrs.origin == 0
    assert attrs.as_path.text == "65003 4200000000 65004"
    assert attrs.nexthop == Address.parse("10.9.0.2")
    assert (attrs.med, attrs.local_pref, attrs.atomic) == (5, 100, True)
    assert attrs.aggregator == Aggregator(4200000001, 0x0A090009)
    assert attrs.communities == (65002 << 16 | 1, 65002 << 16 | 2)
    assert attrs.large_communities == ((1, 2, 3),)
    assert attrs.ext_communities == (0x00020064000000C8,)
    assert attrs.otc == 1
    assert attrs.unknown == ((0xE0, 200, b"\x01\x02"),)
    assert attrs.rank == (-100, 3, 0)
    assert encode(attrs, nexthop=attrs.nexthop) == raw


# As bgpd 8.4.4 reflected a route: cluster list and originator stand before extended communities.
REFLECTED = bytes.fromhex(
    "0000005640010100500200060201000111704003040a0900038004040000000340050400000064c0080400010005"
    "c0200c00000001000000020000000380090405050505800a080a09000101010101c0100800020064000000c8"
    "18c63364"
)


def test_reflected_route_of_frr() -> None:
    raw = update.split(REFLECTED).attributes
    attrs = AttrPool().intern(raw, INTERNAL)
    assert (attrs.originator_id, attrs.cluster_list) == (0x05050505, (0x0A090001, 0x01010101))
    assert encode(attrs, nexthop=attrs.nexthop) == raw


def test_two_byte_session_restores_and_sends_as_frr() -> None:
    raw = update.split(FULL_OLD).attributes
    attrs = AttrPool().intern(raw, OLD)
    assert attrs.as_path.text == "65001 65003 4200000000 65004"
    assert attrs.aggregator == Aggregator(4200000001, 0x0A090009)
    assert encode(attrs, nexthop=attrs.nexthop, as4=False) == raw
    assert AttrPool().intern(attrs.raw, EXTERNAL).as_path == attrs.as_path


def test_same_bytes_are_the_same_object_and_die_with_their_last_user() -> None:
    pool = AttrPool()
    raw = bytes.fromhex(GOOD)
    first = pool.intern(raw, EXTERNAL)
    assert pool.intern(bytes.fromhex(GOOD), EXTERNAL) is first
    assert pool.quick(EXTERNAL)(raw, True) is first
    assert pool.quick(INTERNAL)(raw, True) is None
    changed = first.replace(pool, med=7)
    assert first.replace(pool, med=7) is changed
    assert (changed.med, first.med, len(pool)) == (7, None, 2)
    del first, changed
    gc.collect()
    assert len(pool) == 0


def test_multiprotocol_parts_are_cut_out_of_the_shared_set() -> None:
    pool = AttrPool()
    first = pool.decode(bytes.fromhex(REACH_V6 + ORIGIN + AS_PATH), EXTERNAL, nlri=False)
    second = pool.decode(bytes.fromhex(ORIGIN + REACH_V6 + AS_PATH), EXTERNAL, nlri=False)
    assert first.attrs is second.attrs
    assert first.attrs is not None
    assert first.attrs.raw == bytes.fromhex(ORIGIN + AS_PATH)
    expected = MpReach(2, 1, Address.parse("2001:db8:9::2"), None, bytes.fromhex("3020010db80042"))
    assert first.mp_reach == second.mp_reach == expected
    gone = pool.decode(bytes.fromhex("800f0a0002013020010db80042"), EXTERNAL, nlri=False)
    assert (gone.attrs, gone.mp_unreach) == (None, MpUnreach(2, 1, expected.nlri))


def test_link_local_next_hop() -> None:
    link_local = "fe80000000000000000000000000000a"
    reach = "800e2500020120" + NEXT_V6 + link_local + "00"
    decoded = decode(reach + ORIGIN + AS_PATH, nlri=False)
    assert decoded.mp_reach is not None
    assert str(decoded.mp_reach.link_local) == "fe80::a"
    # The second address counts only if it is link-local, as in FRR.
    decoded = decode(reach.replace(link_local, NEXT_V6) + ORIGIN + AS_PATH, nlri=False)
    assert decoded.mp_reach is not None
    assert decoded.mp_reach.link_local is None
    # BIRD has nothing but a link-local address to tell on some sessions.
    only = "800e2500020120" + "00" * 16 + link_local + "00"
    decoded = decode(only + ORIGIN + AS_PATH, nlri=False)
    assert decoded.withdraw is None
    assert decoded.mp_reach is not None
    assert str(decoded.mp_reach.link_local) == "fe80::a"


# RFC 7606 and RFC 4271 sec. 6.3, seen from an external peer. `None`: taken as if all were well.
WITHDRAW, DISCARD, RESET = Reaction.WITHDRAW, Reaction.DISCARD, Reaction.RESET
CASES: dict[str, tuple[str, Reaction | None, int]] = {
    "good": (GOOD, None, 0),
    "no origin": (AS_PATH + NEXT_HOP, WITHDRAW, 3),
    "no as path": (ORIGIN + NEXT_HOP, WITHDRAW, 3),
    "no next hop": (ORIGIN + AS_PATH, WITHDRAW, 3),
    "origin 3": ("40010103" + AS_PATH + NEXT_HOP, WITHDRAW, 6),
    "origin length": ("4001020000" + AS_PATH + NEXT_HOP, WITHDRAW, 5),
    "origin flags": ("c0010100" + AS_PATH + NEXT_HOP, WITHDRAW, 4),
    "origin twice": (ORIGIN + GOOD, DISCARD, 1),
    "med length": (GOOD + "800403000001", WITHDRAW, 5),
    "med flags": (GOOD + "c0040400000001", WITHDRAW, 4),
    "next hop 0": (ORIGIN + AS_PATH + "40030400000000", WITHDRAW, 8),
    "next hop 127": (ORIGIN + AS_PATH + "4003047f000001", WITHDRAW, 8),
    "next hop multicast": (ORIGIN + AS_PATH + "400304e0000001", WITHDRAW, 8),
    "next hop length": (ORIGIN + AS_PATH + "4003030a0900", WITHDRAW, 5),
    "segment type": (ORIGIN + "4002060701" + "0000fdea" + NEXT_HOP, WITHDRAW, 11),
    "segment empty": (ORIGIN + "40020202" + "00" + NEXT_HOP, WITHDRAW, 11),
    "segment overrun": (ORIGIN + "4002060202" + "0000fdea" + NEXT_HOP, WITHDRAW, 11),
    "segment underrun": (ORIGIN + "4002070201" + "0000fdea" + "02" + NEXT_HOP, WITHDRAW, 11),
    "AS 0": (ORIGIN + "40020a0202" + "0000fdea00000000" + NEXT_HOP, WITHDRAW, 11),
    "confederation": (ORIGIN + "4002060301" + "0000fdea" + NEXT_HOP, WITHDRAW, 11),
    "empty as path": (ORIGIN + "400200" + NEXT_HOP, None, 0),
    "local pref": (GOOD + "40050400000063", DISCARD, 1),
    "local pref length": (GOOD + "400503000063", DISCARD, 5),
    "atomic length": (GOOD + "40060100", DISCARD, 5),
    "aggregator length": (GOOD + "c00706fdea0a090002", DISCARD, 5),
    "aggregator AS 0": (GOOD + "c00708000000000a090002", DISCARD, 9),
    "communities length": (GOOD + "c00803fdea00", WITHDRAW, 5),
    "communities empty": (GOOD + "c00800", WITHDRAW, 5),
    "originator": (GOOD + "8009040a090009", DISCARD, 1),
    "originator length": (GOOD + "8009030a0900", DISCARD, 5),
    "cluster list length": (GOOD + "800a030a0900", DISCARD, 5),
    "extended length": (GOOD + "c0100700000000000000", WITHDRAW, 5),
    "large length": (GOOD + "c0200b" + "00" * 11, WITHDRAW, 5),
    "otc": (GOOD + "c023040000fdea", None, 0),
    "otc length": (GOOD + "c0230300fdea", WITHDRAW, 5),
    "unknown well-known": (GOOD + "40c80100", RESET, 2),
    "unknown transitive": (GOOD + "c0c80100", None, 0),
    "unknown non-transitive": (GOOD + "80c80100", None, 0),
    "unknown twice": (GOOD + "c0c80100" * 2, DISCARD, 1),
    "value overrun": (GOOD + "800405000000", WITHDRAW, 5),
    "header overrun": (GOOD + "8004", WITHDRAW, 5),
    "long header overrun": (GOOD + "900400", WITHDRAW, 5),
    "reach twice": (REACH_V6 * 2 + GOOD, RESET, 1),
    "reach short": ("800e03000201" + GOOD, RESET, 9),
    "reach flags": ("40" + REACH_V6[2:] + GOOD, RESET, 4),
    "reach next hop length": ("800e0a0002010520010db80000" + GOOD, RESET, 9),
    "reach next hop ::": (REACH_V6.replace(NEXT_V6, "00" * 16) + GOOD, WITHDRAW, 9),
    "reach of a foreign family": ("800e0700190104010203" + GOOD, RESET, 9),
    "unreach short": ("800f020002" + GOOD, RESET, 9),
}


@pytest.mark.parametrize("name", CASES)
def test_reaction(name: str) -> None:
    text, reaction, subcode = CASES[name]
    found = outcome(decode, text)
    if reaction is RESET:
        assert isinstance(found, Malformed)
        assert (found.code, found.subcode, found.reaction) == (3, subcode, RESET)
        return
    assert not isinstance(found, Malformed)
    assert (found.withdraw is not None) == (reaction is WITHDRAW)
    assert (found.attrs is None) == (reaction is WITHDRAW)
    if found.withdraw is not None:
        error = found.withdraw
        assert (error.code, error.subcode, error.reaction) == (3, subcode, WITHDRAW)
    assert [error.subcode for error in found.discarded] == [subcode] * (reaction is DISCARD)


def test_error_data_is_the_attribute() -> None:
    found = decode(GOOD + "800403000001")
    assert found.withdraw is not None
    assert found.withdraw.data.hex() == "800403000001"
    found = decode(AS_PATH + NEXT_HOP)
    assert found.withdraw is not None
    assert found.withdraw.data == b"\x01"


def test_internal_peers() -> None:
    found = decode(GOOD, INTERNAL)
    assert found.withdraw is not None
    assert found.withdraw.data == b"\x05"
    found = decode(GOOD + "40050400000063" + "8009040a090009" + "800a040a090001", INTERNAL)
    assert found.attrs is not None
    assert found.attrs.rank[0] == -99
    assert (found.attrs.originator_id, found.attrs.cluster_list) == (0x0A090009, (0x0A090001,))


def test_discarded_values_are_gone_and_reported_each_time() -> None:
    pool = AttrPool()
    raw = bytes.fromhex(GOOD + "40050400000063")
    first, second = (pool.decode(raw, EXTERNAL, nlri=True) for _ in range(2))
    assert first.attrs is second.attrs
    assert first.attrs is not None
    assert first.attrs.local_pref is None
    assert len(first.discarded) == len(second.discarded) == 1


def test_known_set_without_next_hop_is_still_refused_for_prefixes() -> None:
    pool = AttrPool()
    raw = bytes.fromhex(ORIGIN + AS_PATH)
    pool_set = pool.intern(raw, EXTERNAL)
    found = pool.decode(raw, EXTERNAL, nlri=True)
    assert pool_set.nexthop is None
    assert found.withdraw is not None
    assert found.withdraw.subcode == 3


def test_confederation_peers_may_send_segments_and_local_pref() -> None:
    peer = Negotiated(confederation=True)
    path = ORIGIN + "4002060301" + "0000fdea" + NEXT_HOP + "40050400000063"
    found = decode(path, peer)
    assert found.attrs is not None
    assert (found.attrs.as_path.text, found.attrs.local_pref) == ("(65002)", 99)


def test_four_byte_speakers_as4_path_is_dropped() -> None:
    found = decode(GOOD + "c0110a0202" + "fa56ea000000fdec")
    assert found.attrs is not None
    assert found.attrs.as_path.text == "65002"


@pytest.mark.parametrize(
    ("old", "new", "merged"),
    [
        ([(2, (1, 23456, 23456))], [(2, (70000, 80000))], "1 70000 80000"),
        ([(2, (1, 2))], [(2, (1, 2, 3))], "1 2"),
        ([(2, (1, 23456)), (1, (5, 6))], [(2, (70000,)), (1, (5, 6))], "1 70000 {5,6}"),
        ([(3, (9,)), (2, (1, 23456))], [(2, (70000,))], "(9) 1 70000"),
        ([(2, (23456,))], [(2, (70000,))], "70000"),
    ],
)
def test_as4_path_merge(old: list, new: list, merged: str) -> None:
    assert merge(AsPath(old), AsPath(new)).text == merged


def test_aggregator_of_an_old_speaker_turns_as4_path_off() -> None:
    path = ORIGIN + "40020402015ba0" + NEXT_HOP
    new = "c011060201" + "fa56ea00" + "c01208fa56ea010a090009"
    found = decode(path + "c00706fdea0a090009" + new, OLD)
    assert found.attrs is not None
    assert (found.attrs.as_path.text, found.attrs.aggregator) == ("23456", (65002, 0x0A090009))
    found = decode(path + "c007065ba00a090009" + new, OLD)
    assert found.attrs is not None
    assert found.attrs.as_path.text == "4200000000"


def test_as_path_value() -> None:
    path = AsPath([(2, (1, 2)), (2, (3,)), (1, (6, 5, 6)), (3, (7, 8)), (4, (10, 9))])
    assert path.text == "1 2 3 {5,6} (7 8) [9,10]"
    assert (path.length, path.first_as) == (4, 1)
    assert path.contains(8)
    assert not path.contains(4)
    assert path.prepend(1, 1).text.startswith("1 1 1 2 3 ")
    assert path.prepend(1, 1).count(1) == 3
    assert path.without_confederation().text == "1 2 3 {5,6}"
    assert AsPath([(1, (4,)), (2, (5,))]).first_as is None
    assert AsPath.sequence().first_as is None
    assert AsPath.sequence(1, 2) == AsPath([(2, (1,)), (2, (2,))])


def test_long_paths_are_sent_in_segments() -> None:
    path = AsPath.sequence(*range(1, 601))
    pool = AttrPool()
    attrs = pool.make(origin=0, as_path=path)
    assert pool.intern(attrs.raw, EXTERNAL).as_path == path


asns = st.integers(1, 2**32 - 1)
u32 = st.integers(0, 2**32 - 1)


def sorted_sets(values: st.SearchStrategy) -> st.SearchStrategy:
    return st.sets(values, max_size=6).map(lambda found: tuple(sorted(found)))


attribute_values = st.fixed_dictionaries(
    {
        "origin": st.integers(0, 2),
        "as_path": st.lists(
            st.tuples(st.integers(1, 4), st.lists(asns, min_size=1, max_size=5).map(tuple)),
            max_size=4,
        ).map(AsPath),
        "nexthop": st.just(Address.parse("192.0.2.1")),
        "local_pref": u32,
    },
    optional={
        "med": u32,
        "atomic": st.booleans(),
        "aggregator": st.builds(Aggregator, asns, u32),
        "communities": sorted_sets(u32),
        "originator_id": u32,
        "cluster_list": st.lists(u32, max_size=5).map(tuple),
        "ext_communities": sorted_sets(st.integers(0, 2**64 - 1)),
        "large_communities": sorted_sets(st.tuples(u32, u32, u32)),
        "otc": u32,
        "unknown": st.binary(max_size=300).map(lambda data: ((0xE0, 99, data),)),
    },
)


@given(attribute_values)
def test_round_trip(values: dict) -> None:
    pool = AttrPool()
    made = pool.make(**values)
    assert_same(made, AttrPool().intern(made.raw, INTERNAL))
    assert pool.make(**values) is made


@given(attribute_values)
def test_round_trip_over_a_two_byte_session(values: dict) -> None:
    values["as_path"] = values["as_path"].without_confederation()
    made = AttrPool().make(**values)
    raw = encode(made, nexthop=made.nexthop, as4=False)
    assert_same(made, AttrPool().intern(raw, Negotiated(external=False, as4=False)))


def assert_same(one: AttrSet, other: AttrSet) -> None:
    assert [getattr(one, name) for name in FIELDS] == [getattr(other, name) for name in FIELDS]


@given(
    st.lists(
        st.tuples(st.integers(0, 255), st.integers(0, 40), st.binary(max_size=20)).map(
            lambda a: bytes([a[0] & 0xEF, a[1], len(a[2])]) + a[2]
        ),
        max_size=6,
    ).map(b"".join),
    st.binary(max_size=6),
    st.booleans(),
    st.sampled_from([EXTERNAL, INTERNAL, OLD, Negotiated(confederation=True)]),
)
def test_arbitrary_attributes(raw: bytes, rest: bytes, nlri: bool, peer: Negotiated) -> None:
    for data in (raw + rest, bytes.fromhex(GOOD) + raw, rest):
        found = outcome(AttrPool().decode, data, peer, nlri=nlri)
        if isinstance(found, Malformed):
            assert (found.code, found.reaction) == (3, RESET)
        elif found.attrs is not None:
            assert encode(found.attrs, nexthop=found.attrs.nexthop)
