"""Outbound route filters on the wire: FRR's bytes, round trips, and any bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bgp.wire import outboundfilter as orf
from bgp.wire.outboundfilter import Action, Entry, OldOutboundFiltering, OrfMode, OutboundFiltering
from grammar.base.values import Afi, Prefix

# Of bgpd 8.4.4, behind the family: a list with `le`, `deny` and `any`, and what takes it back.
LIST = "0140001c0000000005001810ac10200000000a000010ac11000000000f002000"
TAKEN_BACK = "02400001c0"


def test_a_list_of_frr() -> None:
    now, entries = orf.decode(bytes.fromhex(LIST), Afi.IPV4)
    assert now
    assert entries == [
        Entry(Action.ADD, True, 5, 0, 24, Prefix.parse("172.16.0.0/16")),
        Entry(Action.ADD, False, 10, 0, 0, Prefix.parse("172.17.0.0/16")),
        Entry(Action.ADD, True, 15, 0, 32, Prefix.parse("0.0.0.0/0")),
    ]
    packed = b"".join(entry.encode() for entry in entries)
    assert orf.encode(orf.PREFIXES, orf.When.IMMEDIATE, packed).hex() == LIST


def test_a_list_that_frr_takes_back() -> None:
    now, entries = orf.decode(bytes.fromhex(TAKEN_BACK), Afi.IPV4)
    assert not now
    assert entries == [Entry(Action.FRR_REMOVE_ALL)]
    packed = entries[0].encode()
    assert orf.encode(orf.PREFIXES, orf.When.DEFER, packed).hex() == TAKEN_BACK


def test_capabilities_of_frr() -> None:
    old, new = orf.filtering([((1, 1), OrfMode.SEND | OrfMode.RECEIVE)])
    assert (old.code, old.encode().hex()) == (130, "00010001018003")
    assert (new.code, new.encode().hex()) == (3, "00010001014003")


@pytest.mark.parametrize(
    "data",
    [
        "01 40 0014 00 00000005 00 18 10 ac10",  # more than there is
        "01 40 0009 00 00000005 00 18 10 ac",  # a prefix that is cut short
        "01 40 000a 00 00000005 20 10 10 ac10",  # no length is between 32 and 16
        "01 40 000b 00 00000005 00 00 28 ac100000",  # 40 bits
        "01 40 000a 00 00000005 08 00 10 ac10",  # shorter than the prefix
    ],
)
def test_filters_that_cannot_be(data: str) -> None:
    assert orf.decode(bytes.fromhex(data.replace(" ", "")), Afi.IPV4) == (True, None)


def test_filters_of_other_types_are_passed_over() -> None:
    data = bytes.fromhex("01 02 0003 010203 80 0001 80".replace(" ", ""))
    assert orf.decode(data, Afi.IPV4) == (True, [Entry(Action.REMOVE_ALL)])


prefixes = st.one_of(
    st.builds(
        lambda value, length: Prefix(Afi.IPV4, value, length).network,
        st.integers(0, 2**32 - 1),
        st.integers(0, 32),
    ),
    st.builds(
        lambda value, length: Prefix(Afi.IPV6, value, length).network,
        st.integers(0, 2**128 - 1),
        st.integers(0, 128),
    ),
)


@given(prefixes, st.booleans(), st.integers(0, 2**32 - 1), st.sampled_from(list(Action)[:2]))
def test_round_trip(prefix: Prefix, permit: bool, sequence: int, action: Action) -> None:
    entry = Entry(action, permit, sequence, prefix.length, prefix.afi.bits, prefix)
    data = orf.encode(orf.OLD_PREFIXES, orf.When.IMMEDIATE, entry.encode())
    assert orf.decode(data, prefix.afi) == (True, [entry])


@given(st.binary(max_size=80), st.sampled_from(list(Afi)[:2]))
def test_any_bytes(data: bytes, afi: Afi) -> None:
    orf.decode(data, afi)


@given(
    st.lists(
        st.tuples(
            st.integers(0, 65535),
            st.integers(0, 255),
            st.lists(st.tuples(st.integers(0, 255), st.integers(0, 255)), max_size=3).map(tuple),
        ),
        max_size=3,
    ).map(tuple)
)
def test_capability_round_trip(entries: orf.Entries) -> None:
    for kind in (OutboundFiltering, OldOutboundFiltering):
        assert kind.decode(kind(entries).encode()) == kind(entries)
