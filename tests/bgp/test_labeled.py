"""Labeled unicast: prefixes with labels on the wire, and who gets which label (RFC 8277)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bgp.labels import FIRST, IMPLICIT_NULL, LAST, LabelPool, Labels, index_told, label_index
from bgp.rib.origin import Local
from bgp.rib.path import Path
from bgp.wire.distinguisher import distinguisher_text, parse_distinguisher
from bgp.wire.errors import Malformed
from bgp.wire.nlri import (
    WITHDRAWN_LABELS,
    decode_labeled,
    encode_labeled,
    encode_prefix,
    pack_label,
)
from grammar.base.values import IP, Prefix
from tests.bgp.outcome import outcome

labels = st.integers(0, LAST)
routes = st.sampled_from(list(IP)).flatmap(
    lambda afi: st.tuples(
        st.just(afi),
        st.lists(
            st.tuples(
                st.builds(
                    lambda value, length: Prefix(afi, value, length).network.key,
                    st.integers(0, (1 << afi.bits) - 1),
                    st.integers(0, afi.bits),
                ),
                labels,
                st.integers(0, 2**32 - 1),
            )
        ),
    )
)


@given(routes)
def test_prefixes_with_labels_come_back(given_: tuple[int, list[tuple[int, int, int]]]) -> None:
    afi, entries = given_
    plain = b"".join(encode_labeled(key, afi, pack_label(label)) for key, label, _ in entries)
    assert decode_labeled(plain, afi) == [(0, label, key) for key, label, _ in entries]
    with_ids = b"".join(
        path_id.to_bytes(4, "big") + encode_labeled(key, afi, pack_label(label))
        for key, label, path_id in entries
    )
    found = decode_labeled(with_ids, afi, addpath=True)
    assert found == [(path_id, label, key) for key, label, path_id in entries]


@given(st.binary(max_size=40), st.sampled_from(list(IP)), st.booleans())
def test_any_bytes_are_read_or_malformed(data: bytes, afi: int, addpath: bool) -> None:
    assert isinstance(outcome(decode_labeled, data, afi, addpath), list | Malformed)


@pytest.mark.parametrize("withdrawn", WITHDRAWN_LABELS)
def test_what_stands_in_place_of_a_label_ends_the_labels(withdrawn: bytes) -> None:
    key = Prefix.parse("10.1.0.0/16").key
    assert [k for _, _, k in decode_labeled(encode_labeled(key, 1, withdrawn), 1)] == [key]


def test_of_several_labels_the_outermost_counts() -> None:
    key = Prefix.parse("10.1.0.0/16").key
    plain = encode_prefix(key, 1)
    data = bytes([plain[0] + 48]) + (500 << 4).to_bytes(3, "big") + pack_label(600) + plain[1:]
    assert decode_labeled(data, 1) == [(0, 500, key)]


@pytest.mark.parametrize(
    "data",
    [
        b"\x00",  # no room for a label
        b"\x18\x00\x01\x00" * 2,  # a label that is not the last, and nothing behind it
        bytes([24 + 33]) + b"\x00\x01\x01" + bytes(5),  # longer than an IPv4 address
        bytes([24 + 16]) + b"\x00\x01\x01\x0a",  # cut short
    ],
)
def test_what_cannot_be_read_is_malformed(data: bytes) -> None:
    with pytest.raises(Malformed):
        decode_labeled(data, 1)


def test_a_prefix_keeps_its_label_while_it_has_a_route() -> None:
    pool = LabelPool()
    given_ = Labels(pool)
    stranger = Local("neighbor")
    stranger.is_local = False
    path = Path(stranger, None, None, None, 0.0, label=300)  # type: ignore[arg-type]
    bare = Path(stranger, None, None, None, 0.0)  # type: ignore[arg-type]
    given_.renew(1, path)
    given_.renew(2, path)
    given_.renew(1, path)
    assert given_.by_key == {1: FIRST, 2: FIRST + 1}
    given_.renew(3, bare)
    assert (given_.of(1), given_.of(3)) == (FIRST, IMPLICIT_NULL)
    given_.renew(1, None)
    given_.renew(2, Path(Local("network"), None, None, None, 0.0))  # type: ignore[arg-type]
    assert given_.by_key == {}
    given_.renew(1, path)
    assert given_.by_key == {1: FIRST + 2}


def test_labels_that_were_given_back_are_used_when_there_are_no_others() -> None:
    pool = LabelPool()
    taken = [pool.take() for _ in range(LAST - FIRST + 1)]
    assert (taken[0], taken[-1]) == (FIRST, LAST)
    pool.give_back(100)
    assert pool.take() == 100


def test_the_attribute_of_a_label_index() -> None:
    # As FRR 8.4.4 sends it for `network 10.8.1.0/24 label-index 5`.
    sent = label_index(5)
    assert sent.hex() == "c0280a" + "01000700000000000005"
    assert index_told(sent[3:]) == 5
    assert index_told(sent[3:-1]) is None
    assert index_told(bytes.fromhex("0300080000") + bytes(6)) is None


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("65000:1", "65000:1"),
        ("192.0.2.1:5", "192.0.2.1:5"),
        ("4200000001:7", "4200000001:7"),
        ("065000:01", "65000:1"),
        # FRR cuts numbers that are too long.
        ("70000:70000", "70000:4464"),
        ("1.1.1.1:70000", "1.1.1.1:4464"),
        ("100:4294967296", "100:0"),
    ],
)
def test_distinguishers_print_as_by_frr(typed: str, shown: str) -> None:
    data = parse_distinguisher(typed)
    assert data is not None
    assert distinguisher_text(data) == shown


@pytest.mark.parametrize("text", ["bad", "1", "1:", ":1", "1.2.3:4", "1.2.3.400:5", "a:1", "-1:1"])
def test_what_is_no_distinguisher(text: str) -> None:
    assert parse_distinguisher(text) is None
