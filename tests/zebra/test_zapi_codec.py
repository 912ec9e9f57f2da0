"""Properties of the codec: every message comes back, and any bytes give a message or ZapiError."""

from contextlib import suppress
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grammar.base.values import Address, Afi, Prefix
from tests.zebra.zapi_values import from_client, from_zebra, prefixes, routes
from zebra.zapi import messages as zapi
from zebra.zapi.codec import FRR81, FRR84, Dialect, decode, decode_routes, encode
from zebra.zapi.header import HEADER, MAX_SIZE, Frame, Framer, ZapiError

dialects = st.sampled_from((FRR81, FRR84))


def back(data: bytes, dialect: Dialect, client: bool) -> zapi.Message:
    (frame,) = Framer().feed(data)
    return decode(frame.command, frame.body, dialect, from_client=client)


@given(from_client)
def test_messages_of_clients_come_back(message: zapi.Message) -> None:
    assert back(encode(message), FRR84, client=True) == message


@given(from_zebra)
def test_messages_of_zebra_come_back(message: zapi.Message) -> None:
    assert back(encode(message), FRR84, client=False) == message


@given(st.integers(0, 140), st.binary(max_size=200), dialects, st.booleans())
def test_any_body_gives_a_message_or_zapi_error(
    command: int, body: bytes, dialect: Dialect, client: bool
) -> None:
    with suppress(ZapiError):
        decode(command, body, dialect, from_client=client)


@given(from_client | from_zebra, st.data())
def test_a_damaged_message_gives_a_message_or_zapi_error(
    message: zapi.Message, data: st.DataObject
) -> None:
    body = bytearray(encode(message)[HEADER.size :])
    command = encode(message)[9]
    if body:
        at = data.draw(st.integers(0, len(body) - 1))
        body[at] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(body)))
    for client in (False, True):
        with suppress(ZapiError):
            decode(command, bytes(body[:cut]), from_client=client)


def test_numbers_after_25_are_three_lower_from_8_2_on() -> None:
    assert encode(zapi.VrfAdd(), dialect=FRR84)[8:10] == b"\0\x21"
    assert encode(zapi.VrfAdd(), dialect=FRR81)[8:10] == b"\0\x24"
    assert encode(zapi.RouterIdAdd(), dialect=FRR81)[8:10] == b"\0\x0f"


def test_8_1_has_longer_names_and_shorter_tracking() -> None:
    state = zapi.InterfaceState(zapi.InterfaceEvent.UP, "eth0", 2)
    assert len(encode(state, dialect=FRR81)) == len(encode(state)) + 4
    prefix = Prefix.parse("10.0.0.1/32")
    watch = zapi.NexthopRegister((zapi.NexthopWatch(prefix, connected=True),))
    assert encode(watch, dialect=FRR81)[10:].hex() == "010002200a000001"
    update = zapi.NexthopUpdate(prefix, Prefix.parse("10.0.0.0/8"), zapi.RouteType.STATIC)
    assert encode(update, dialect=FRR81)[10:].hex() == "000000000002200a000001030000000000000000"


@pytest.mark.parametrize(
    "message",
    [
        zapi.InterfaceState(zapi.InterfaceEvent.ADD, "n" * 16, 1),
        zapi.InterfaceState(zapi.InterfaceEvent.ADD, "lo", 1 << 32),
        zapi.RouteAdd(
            zapi.Route(
                zapi.RouteType.BGP,
                Prefix.parse("10.0.0.0/8"),
                (zapi.Nexthop(zapi.NexthopType.IPV6, Address.parse("10.0.0.1")),),
            )
        ),
        zapi.RouteAdd(
            zapi.Route(zapi.RouteType.BGP, Prefix.parse("10.0.0.0/8"), opaque=b"x" * MAX_SIZE)
        ),
    ],
)
def test_what_does_not_fit_is_refused(message: zapi.Message) -> None:
    with pytest.raises(ZapiError):
        encode(message)


def test_prefix_bits_behind_the_length_are_cut() -> None:
    body = encode(zapi.RouteAdd(zapi.Route(zapi.RouteType.BGP, Prefix.parse("10.255.0.0/16"))))
    data = body[HEADER.size :].replace(b"\x10\x0a\xff", b"\x0c\x0a\xff")
    message = decode(8, data, from_client=True)
    assert message == zapi.RouteAdd(zapi.Route(zapi.RouteType.BGP, Prefix.parse("10.240.0.0/12")))


# --- framing -------------------------------------------------------------------------------------


@given(st.lists(from_client, max_size=5), st.lists(st.integers(0, 500), max_size=5))
def test_frames_do_not_depend_on_how_the_bytes_were_cut(
    messages: list[zapi.Message], cuts: list[int]
) -> None:
    data = b"".join(encode(message, 7) for message in messages)
    framer = Framer()
    places = sorted({0, len(data), *(min(cut, len(data)) for cut in cuts)})
    frames = []
    for start, end in pairwise(places):
        frames += framer.feed(data[start:end])
    assert singly(frames) == messages
    assert all(frame.vrf == 7 for frame in frames)


def singly(frames: list[Frame]) -> list[zapi.Message]:
    """The messages of frames, one for each route of a run."""
    made: list[zapi.Message] = []
    for frame in frames:
        first = decode(frame.command, frame.body, from_client=True)
        if not frame.keys:
            made.append(first)
            continue
        run = decode_routes(frame, FRR84)
        assert first == (zapi.RouteAdd if run.add else zapi.RouteDelete)(
            replace(run.route, prefix=Prefix.from_key(run.route.prefix.afi, run.keys[0]))
        )
        made += one_by_one(run)
    return made


def one_by_one(run: zapi.Routes) -> list[zapi.Message]:
    kind = zapi.RouteAdd if run.add else zapi.RouteDelete
    afi = run.route.prefix.afi
    return [kind(replace(run.route, prefix=Prefix.from_key(afi, key))) for key in run.keys]


runs = routes().flatmap(
    lambda route: st.builds(
        zapi.Routes,
        st.booleans(),
        st.just(route),
        st.lists(prefixes(route.prefix.afi).map(lambda p: p.key), min_size=1),
    )
)


@given(st.lists(runs, max_size=4), dialects)
def test_runs_of_routes_are_the_bytes_of_each(told: list[zapi.Routes], dialect: Dialect) -> None:
    for run in told:
        each = b"".join(encode(message, 3, dialect) for message in one_by_one(run))
        assert encode(run, 3, dialect) == each
    frames = Framer().feed(b"".join(encode(run) for run in told))
    assert singly(frames) == [message for run in told for message in one_by_one(run)]


def test_a_run_is_one_frame_of_a_bounded_number_of_routes() -> None:
    route = zapi.Route(zapi.RouteType.BGP, Prefix.parse("0.0.0.0/0"), distance=20)
    keys = [Prefix.parse(f"10.{n // 256}.{n % 256}.0/{22 + n % 3}").key for n in range(600)]
    frames = Framer().feed(encode(zapi.Routes(True, route, keys)))
    assert [len(frame.keys) for frame in frames] == [256, 256, 88]
    assert [key for frame in frames for key in frame.keys] == [
        Prefix.from_key(Afi.IPV4, key).network.key for key in keys
    ]


@pytest.mark.parametrize(
    "data",
    [
        "000afd06000000000000",  # marker
        "000afe05000000000000",  # version
        "0009fe06000000000000",  # shorter than its header
        "4001fe06000000000000",  # longer than any message
    ],
)
def test_a_wrong_header_ends_the_stream(data: str) -> None:
    with pytest.raises(ZapiError):
        Framer().feed(bytes.fromhex(data))


@given(st.binary(max_size=300))
def test_any_bytes_are_frames_or_zapi_error(data: bytes) -> None:
    with suppress(ZapiError):
        Framer().feed(data)
