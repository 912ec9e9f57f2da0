"""One function for each decoder of what comes from outside: bytes in, an exception for a bug."""

from collections.abc import Callable
from contextlib import suppress
from typing import Final

import bgp.rib.encoding
from bgp.attrs import FIELDS, AttrPool, AttrSet, Decoded
from bgp.compiled import SPEED, TWINS
from bgp.negotiated import Negotiated
from bgp.wire import capability, dynamic, flowspec, outboundfilter
from bgp.wire.attributes import multiprotocol
from bgp.wire.errors import Malformed
from bgp.wire.message import EXTENDED_LENGTH, STANDARD_LENGTH, Framer
from bgp.wire.nlri import decode_addpath, decode_labeled, decode_prefixes, encode_prefix
from bgp.wire.notification import Notification
from bgp.wire.open import Open
from bgp.wire.refresh import Refresh
from bgp.wire.update import is_end_of_rib
from grammar.base.values import Afi
from tests.bgp.outcome import outcome
from zebra.zapi.codec import FRR81, FRR84, decode, decode_routes, fits
from zebra.zapi.header import Framer as ZapiFramer
from zebra.zapi.header import ZapiError

Target = Callable[[bytes], None]


def _same(name: str, *arguments: object) -> None:
    """The pure function and its compiled twin, where there is one, give the same."""
    if SPEED is not None:
        assert _told(TWINS[name], *arguments) == _told(getattr(SPEED, name), *arguments)


def _told(function: Callable[..., object], *arguments: object) -> object:
    found = outcome(function, *arguments)
    if isinstance(found, Malformed):
        return found.code, found.subcode, found.data, found.reaction, str(found)
    return found


def frames(data: bytes) -> None:
    """A stream of messages, cut into pieces by its first byte."""
    size, stream = 1 + data[0] if data else 1, data[1:]
    most = EXTENDED_LENGTH if size % 2 else STANDARD_LENGTH
    whole, pieces = Framer(most), Framer(most)
    whole.feed(stream)
    found: list[object] = []
    error = outcome(lambda: found.extend(whole))
    again: list[object] = []
    for start in range(0, len(stream), size):
        pieces.feed(stream[start : start + size])
        if isinstance(outcome(lambda: again.extend(pieces)), Malformed):
            break
    assert found == again
    if error is None:
        assert whole.pending == pieces.pending <= len(stream)
    _same("cut_updates", stream, most)


def opening(data: bytes) -> None:
    """The body of an OPEN."""
    found = outcome(Open.decode, data)
    if isinstance(found, Open) and len(found.encode()) < STANDARD_LENGTH:
        again = Open.decode(found.encode())
        assert (again.asn, again.hold_time) == (found.asn, found.hold_time)


def capabilities(data: bytes) -> None:
    """The capabilities of an OPEN, and those of a message about them."""
    found = outcome(capability.decode_all, data)
    if isinstance(found, list):
        for one in found:
            if len(one.encode()) < 256:
                (again,) = capability.decode_all(capability.encode(one))
                assert again.encode() == one.encode()
    outcome(lambda: list(dynamic.read(data)))


def notification(data: bytes) -> None:
    """The body of a NOTIFICATION, and what is said of it."""
    found = outcome(Notification.decode, data)
    if isinstance(found, Notification):
        assert found.text.isprintable()
        assert Notification.decode(found.encode()) == found
        assert len(found.shutdown_message or "") < 256


def refresh(data: bytes) -> None:
    """The body of a ROUTE-REFRESH and the filters in it."""
    found = outcome(Refresh.decode, data)
    if isinstance(found, Refresh):
        assert found.encode() == data
        for afi in (Afi.IPV4, Afi.IPV6):
            _, entries = outboundfilter.decode(found.filters, afi)
            assert len(entries or ()) <= len(data)


def update(data: bytes) -> None:
    """The body of an UPDATE."""
    _same("split", data)
    is_end_of_rib(data)
    _same("cut_multiprotocol", data)


PEERS: Final = tuple(
    Negotiated(external=external, confederation=confederation, as4=as4)
    for external, confederation in ((True, False), (False, False), (True, True))
    for as4 in (True, False)
)


def _pure_pool() -> AttrPool:
    pool = AttrPool()
    for peer in PEERS:
        if peer.as4:
            pure = TWINS["Received"](peer.flavour, AttrSet)
            pool._received[peer.flavour] = pure  # type: ignore[assignment]
    return pool


def _read(found: Decoded | Malformed) -> object:
    if isinstance(found, Malformed):
        return found.code, found.subcode, found.data, str(found)
    said = found.attrs and [getattr(found.attrs, name) for name in (*FIELDS, "raw", "rank")]
    discarded = [str(error) for error in found.discarded]
    return said, found.mp_reach, found.mp_unreach, str(found.withdraw), discarded


def attributes(data: bytes) -> None:
    """The attributes of an UPDATE, read by the pure and the compiled pool, told again."""
    choice, raw = data[0] if data else 0, data[1:]
    peer, nlri = PEERS[choice % len(PEERS)], choice > 127
    pure, fast = _pure_pool(), AttrPool()
    one = outcome(pure.decode, raw, peer, nlri=nlri)
    for _ in range(2):
        other = outcome(fast.decode, raw, peer, nlri=nlri)
        assert _read(one) == _read(other)
    if isinstance(other, Malformed) or other.attrs is None:
        return
    path = other.attrs.as_path
    assert path.text.isascii()
    assert path.length >= 0
    assert path.contains(65001) == (path.count(65001) > 0)
    assert path.first_as is None or path.contains(path.first_as)
    sent = bgp.attrs.encode(other.attrs, nexthop=other.attrs.nexthop, as4=peer.as4)
    again = outcome(AttrPool().decode, sent, peer, nlri=False)
    assert not isinstance(again, Malformed)
    if isinstance(other.attrs.source, bytes):
        for kinds in (0, 15):
            _same("retell", other.attrs.source, b"\0\0\0\1", b"", None, 7, b"", kinds)


def prefixes(data: bytes) -> None:
    """The prefixes of an UPDATE; the first byte says of which family and in which form."""
    choice, nlri = data[0] if data else 0, data[1:]
    afi = 1 + choice % 2
    found = outcome(decode_prefixes, nlri, afi)
    if isinstance(found, list):
        assert decode_prefixes(b"".join(encode_prefix(key, afi) for key in found), afi) == found
    _same("decode_v4", nlri)
    _same("decode_v6", nlri)
    outcome(decode_addpath, nlri, afi)
    outcome(decode_labeled, nlri, afi, choice > 127)
    hop = outcome(multiprotocol.decode_nexthop, nlri, afi)
    assert isinstance(hop, tuple | Malformed)


def flows(data: bytes) -> None:
    """The rules of a flow specification."""
    choice, nlri = data[0] if data else 0, data[1:]
    afi = 1 + choice % 2
    found = outcome(flowspec.split, nlri, afi, choice > 127)
    if isinstance(found, list):
        for _, rule in found:
            assert flowspec.decode(flowspec.encode(flowspec.decode(rule, afi), afi), afi)


def zapi(data: bytes) -> None:
    """A stream between zebra and a client of it, in both directions and both dialects."""
    with suppress(ZapiError):
        framer = ZapiFramer()
        for chunk in (data, b""):
            for frame in framer.feed(chunk):
                for dialect in (FRR84, FRR81):
                    fits(frame.command, frame.body, dialect)
                    for client in (True, False):
                        with suppress(ZapiError):
                            decode(frame.command, frame.body, dialect, from_client=client)
                    if frame.keys:
                        with suppress(ZapiError):
                            assert decode_routes(frame, dialect).keys == frame.keys


DECODERS: Final[dict[str, Target]] = {
    one.__name__: one
    for one in (
        frames,
        opening,
        capabilities,
        notification,
        refresh,
        update,
        attributes,
        prefixes,
        flows,
        zapi,
    )
}
