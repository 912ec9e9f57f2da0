"""Labeled unicast: prefixes with labels on the wire, and who gets which label (RFC 8277)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bgp.labelpool import SMALLEST, LabelPool
from bgp.labels import IMPLICIT_NULL, Labels, index_told, label_index
from bgp.rib.origin import Local
from bgp.rib.path import Path
from bgp.rib.table import Table
from bgp.wire.distinguisher import distinguisher_text, parse_distinguisher
from bgp.wire.errors import Malformed
from bgp.wire.nlri import (
    WITHDRAWN_LABELS,
    decode_labeled,
    encode_labeled,
    encode_prefix,
    pack_label,
)
from grammar.base.values import IP, Afi, Prefix, Safi
from tests.bgp.outcome import outcome
from zebra.zapi.allotted import (
    FecRegister,
    FecUnregister,
    LabelChunk,
    LabelChunkRequest,
    LabelManagerConnect,
)
from zebra.zapi.constants import RouteType
from zebra.zapi.messages import Message

LAST = (1 << 20) - 1

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


class Lender:
    """zebra's label manager: what was asked of it, and chunks in their order."""

    def __init__(self, *, at_once: bool = True) -> None:
        self.asked: list[Message] = []
        self.fecs: dict[str, int] = {}
        """Labels by prefix, as the pool tells zebra of them."""
        self.next = 16
        self.at_once = at_once
        self.pool = LabelPool(self.ask)

    def ask(self, message: Message) -> None:
        if isinstance(message, FecRegister) and message.label is not None:
            self.fecs[str(message.prefix)] = message.label
            return
        if isinstance(message, FecUnregister):
            del self.fecs[str(message.prefix)]
            return
        self.asked.append(message)
        if self.at_once:
            self.lend()

    def lend(self) -> None:
        """Answer the last request."""
        request = self.asked[-1]
        assert isinstance(request, LabelChunkRequest)
        chunk = (self.next, self.next + request.size - 1)
        self.next += request.size
        self.pool.arrived(LabelChunk(RouteType.BGP, labels=chunk))


def stranger_path(label: int | None) -> Path:
    stranger = Local("neighbor")
    stranger.is_local = False
    return Path(stranger, None, None, None, 0.0, label=label)  # type: ignore[arg-type]


def test_a_prefix_keeps_its_label_while_it_has_a_route() -> None:
    lender = Lender(at_once=False)
    table = Table((Afi.IPV4, Safi.UNICAST))
    given_ = Labels(lender.pool, table)
    path = stranger_path(300)
    assert not given_.renew(1, path)
    assert not given_.renew(2, path)
    assert not given_.renew(1, path)
    assert lender.asked == [LabelChunkRequest(RouteType.BGP, size=SMALLEST)]
    lender.lend()
    assert given_.by_key == {1: 16, 2: 17}
    assert lender.fecs == {given_.prefix(1): 16, given_.prefix(2): 17}
    assert table.changed.keys() == {1, 2}
    assert given_.renew(3, stranger_path(None))
    assert (given_.of(1), given_.of(3)) == (16, IMPLICIT_NULL)
    given_.renew(1, None)
    given_.renew(2, Path(Local("network"), None, None, None, 0.0))  # type: ignore[arg-type]
    assert given_.by_key == {}
    assert lender.fecs == {}
    assert given_.renew(4, path)
    assert given_.by_key == {4: 16}


def test_chunks_double_and_the_lowest_free_label_of_the_newest_is_taken() -> None:
    lender = Lender()
    labels = Labels(lender.pool, Table((Afi.IPV4, Safi.UNICAST)))
    for key in range(700):
        labels.renew(key, stranger_path(300))
    assert [(one.first, one.last, one.free) for one in lender.pool.chunks] == [
        (400, 911, 196),
        (144, 399, 0),
        (16, 143, 0),
    ]
    for key in (3, 690, 600):
        labels.renew(key, None)
    for key in (1000, 1001, 1002):
        labels.renew(key, stranger_path(300))
    assert [labels.of(key) for key in (1000, 1001, 1002)] == [616, 706, 716]


def test_a_prefix_that_waits_is_not_told_until_there_is_a_label() -> None:
    lender = Lender(at_once=False)
    table = Table((Afi.IPV4, Safi.UNICAST))
    labels = Labels(lender.pool, table)
    before, after = stranger_path(None), stranger_path(300)
    table.shards[0][7] = after
    assert labels.ready([(7, before)]) == []
    assert labels.ready([(7, after)]) == []
    lender.lend()
    assert table.take_changed() == {7: before}
    assert labels.ready([(7, before)]) == [(7, before)]
    assert labels.of(7) == 16


def test_a_new_zebra_is_asked_for_all_labels_and_those_it_gives_again_stay() -> None:
    lender = Lender()
    labels = Labels(lender.pool, Table((Afi.IPV4, Safi.UNICAST)))
    for key in range(200):
        labels.renew(key, stranger_path(300))
    before = dict(labels.by_key)
    lender.at_once = False
    lender.asked.clear()
    lender.next = 20
    lender.fecs.clear()
    lender.pool.connected()
    assert lender.asked == [
        LabelManagerConnect(RouteType.BGP, asynchronous=True),
        LabelChunkRequest(RouteType.BGP, size=512),
    ]
    lender.lend()
    moved = {key for key, label in labels.by_key.items() if label != before[key]}
    assert moved == {0, 1, 2, 3}
    assert len(set(labels.by_key.values())) == 200
    assert lender.fecs == {labels.prefix(key): label for key, label in labels.by_key.items()}
    assert [one.free for one in lender.pool.chunks] == [512 - 200]


def test_when_zebra_has_no_labels_left_nothing_more_is_asked_for() -> None:
    lender = Lender(at_once=False)
    labels = Labels(lender.pool, Table((Afi.IPV4, Safi.UNICAST)))
    assert not labels.renew(1, stranger_path(300))
    lender.pool.arrived(LabelChunk(RouteType.BGP))
    assert not labels.renew(2, stranger_path(300))
    assert len(lender.asked) == 1
    labels.renew(1, None)
    assert list(lender.pool.waiting) == [(labels, 2)]


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
