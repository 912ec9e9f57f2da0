"""OPEN and capabilities: FRR's own bytes, round trips, and what is refused with which answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bgp.wire import capability as cap
from bgp.wire.errors import Malformed
from bgp.wire.offer import frr_capabilities
from bgp.wire.open import Open
from tests.bgp.outcome import outcome

V4, V6 = cap.IPV4_UNICAST, cap.IPV6_UNICAST

# Bodies of OPENs that bgpd 8.4.4 of AS 65001, hostname frrhost, sent to differently set peers.
_HEAD = "04fde900b40a090001"
PLAIN = _HEAD + (
    "4602060104000100010202800002020200020246000206"
    "41040000fde9020206000206450400010101020b490907667272686f73740002044002c078"
    "0209470700010180000000"
)
BOTH = _HEAD + (
    "59020601040001000102060104000200010202800002020200020246000206"
    "41040000fde902020600020a45080001010100020101020b490907667272686f7374000204400240780210470e"
    "0001018000000000020180000000"
)
ROLE = (
    "04fde900090a0900014b0206010400010001020280000202020002024600020641040000fde9020206000203090100"
    "0206450400010103020b490907667272686f73740002044002c0780209470700010180000000"
)
RESTARTER = _HEAD + (
    "6102060104000100010206010400020001020280000202020002024600020641040000fde902020600"
    "020a45080001010300020103020b490907667272686f7374"
    "00020c400ac07800010100000201000210470e0001018000000000020180000000"
)
DISABLED = _HEAD + (
    "350206010400010001020280000202020002024600020641040000fde9020206000206450400010101"
    "020b490907667272686f737400"
)
OVER_IPV6 = _HEAD + (
    "680206010400010001020805060001000100020206010400020001020280000202020002024600020641040000"
    "fde9020206000203090104020a45080001010100020101020b490907667272686f73740002044002c078"
    "0210470e0001018000000000020180000000"
)


@pytest.mark.parametrize(
    ("body", "hold", "families", "options"),
    [
        (PLAIN, 180, [V4], {"restarted": True}),
        (BOTH, 180, [V6, V4], {}),
        (
            ROLE,
            9,
            [V4],
            {
                "restarted": True,
                "role": cap.Role.PROVIDER,
                "addpath": {V4: cap.AddPathMode.BOTH},
            },
        ),
        (
            RESTARTER,
            180,
            [V4, V6],
            {
                "restarted": True,
                "graceful": cap.GracefulMode.RESTARTER,
                "addpath": {V4: cap.AddPathMode.BOTH, V6: cap.AddPathMode.BOTH},
            },
        ),
        (DISABLED, 180, [V4], {"graceful": cap.GracefulMode.DISABLED}),
        (
            OVER_IPV6,
            180,
            [V4, V6],
            {"restarted": True, "extended_nexthop": True, "role": cap.Role.PEER},
        ),
    ],
)
def test_our_open_is_frrs(body: str, hold: int, families: list, options: dict) -> None:
    capabilities = frr_capabilities(65001, families, hostname="frrhost", **options)
    message = Open(65001, hold, 0x0A090001, capabilities)
    assert message.encode().hex() == body
    assert Open.decode(bytes.fromhex(body)) == message


def test_open_of_bird_2() -> None:
    body = (
        "04fdea00f00a09000226022401040001000101040002000102000600"
        "4002007841040000fdea45040001010246004700"
    )
    message = Open.decode(bytes.fromhex(body))
    assert (message.asn, message.hold_time, message.router_id) == (65002, 240, 0x0A090002)
    assert message.capabilities == (
        cap.Multiprotocol(*V4),
        cap.Multiprotocol(*V6),
        cap.RouteRefresh(),
        cap.ExtendedMessage(),
        cap.GracefulRestart(120),
        cap.FourOctetAs(65002),
        cap.AddPath(((1, 1, cap.AddPathMode.SEND),)),
        cap.EnhancedRefresh(),
        cap.LongLivedGracefulRestart(()),
    )


def test_open_of_gobgp_3() -> None:
    body = (
        "04fdea005a0a0900022402220200490402766d0001040001000101040002000141040000fdea"
        "0506000100010002"
    )
    assert Open.decode(bytes.fromhex(body)).capabilities == (
        cap.RouteRefresh(),
        cap.Fqdn("vm"),
        cap.Multiprotocol(*V4),
        cap.Multiprotocol(*V6),
        cap.FourOctetAs(65002),
        cap.ExtendedNexthop(((1, 1, 2),)),
    )


names = st.text(max_size=20)
u8, u16, u32 = st.integers(0, 255), st.integers(0, 65535), st.integers(0, 2**32 - 1)
capabilities = st.one_of(
    st.builds(cap.Multiprotocol, u16, u8),
    st.builds(cap.RouteRefresh),
    st.builds(cap.OldRouteRefresh),
    st.builds(cap.ExtendedMessage),
    st.builds(cap.EnhancedRefresh),
    st.builds(cap.ExtendedNexthop, st.lists(st.tuples(u16, u16, u16), max_size=5).map(tuple)),
    st.builds(cap.RoleCapability, u8),
    st.builds(
        cap.GracefulRestart,
        st.integers(0, 4095),
        st.lists(st.tuples(u16, u8, st.booleans()), max_size=5).map(tuple),
        st.booleans(),
        st.booleans(),
    ),
    st.builds(cap.AddPath, st.lists(st.tuples(u16, u8, u8), max_size=5).map(tuple)),
    st.builds(
        cap.LongLivedGracefulRestart,
        st.lists(st.tuples(u16, u8, st.booleans(), st.integers(0, 2**24 - 1)), max_size=5).map(
            tuple
        ),
    ),
    st.builds(cap.Fqdn, names, names),
    st.builds(
        cap.UnknownCapability,
        u8.filter(lambda code: code not in cap.ROWS),
        st.binary(max_size=255),
    ),
)


@given(
    st.integers(1, 2**32 - 1),
    u16.filter(lambda hold: hold not in (1, 2)),
    st.integers(1, 2**32 - 1),
    st.lists(capabilities, max_size=12),
)
def test_round_trip(asn: int, hold: int, router_id: int, offered: list) -> None:
    message = Open(asn, hold, router_id, (cap.FourOctetAs(asn), *offered))
    assert Open.decode(message.encode()) == message


def test_long_parameters_take_the_form_of_rfc_9072() -> None:
    offered = tuple(cap.UnknownCapability(200, bytes([n]) * 100) for n in range(5))
    message = Open(65001, 180, 1, offered)
    body = message.encode()
    assert body[9:13] == b"\xff\xff" + (5 * 105).to_bytes(2, "big")
    assert Open.decode(body) == message


def open_body(
    asn: int = 65002, hold: int = 180, rid: int = 9, parameters: str = "", version: int = 4
) -> bytes:
    data = bytes.fromhex(parameters)
    head = bytes([version]) + asn.to_bytes(2, "big") + hold.to_bytes(2, "big")
    return head + rid.to_bytes(4, "big") + bytes([len(data)]) + data


# All answers but the last two were seen from bgpd 8.4.4.
@pytest.mark.parametrize(
    ("body", "subcode", "data"),
    [
        (open_body(version=3), 1, "0004"),
        (open_body(parameters="020641040000fdeb"), 2, "0000fdeb"),
        (open_body(parameters="0206410400000000"), 2, "00000000"),
        (open_body(rid=0), 3, "00000000"),
        (open_body(hold=1), 6, "0001"),
        (open_body(parameters="010100"), 5, ""),
        (open_body(parameters="090100"), 4, ""),
        (open_body(parameters="020500"), 0, ""),
        (open_body(parameters="02050103000001"), 0, ""),
        (open_body(parameters="0203400100"), 0, ""),
        (open_body()[:-1] + b"\x05", 0, ""),
        (open_body()[:7], 0, ""),
    ],
)
def test_refused(body: bytes, subcode: int, data: str) -> None:
    with pytest.raises(Malformed) as caught:
        Open.decode(body)
    assert (caught.value.code, caught.value.subcode, caught.value.data.hex()) == (2, subcode, data)


@given(st.binary(max_size=120))
def test_arbitrary_bytes(data: bytes) -> None:
    for body in (data, b"\x04" + data, open_body()[:9] + data):
        found = outcome(Open.decode, body)
        assert not isinstance(found, Malformed) or found.code == 2


@given(st.sampled_from(sorted(cap.ROWS)), st.binary(max_size=40))
def test_arbitrary_capability(code: int, value: bytes) -> None:
    data = bytes([code, len(value)]) + value
    found = outcome(cap.decode_all, data)
    if isinstance(found, Malformed):
        assert (found.code, found.subcode) == (2, 0)
    else:
        assert [one.code for one in found] == [code]


def test_a_name_is_cut_between_letters() -> None:
    encoded = cap.Fqdn("ä" * 200).encode()
    assert encoded[0] == 254
    assert cap.Fqdn.decode(encoded).hostname == "ä" * 127


def test_roles_pair_up() -> None:
    assert {role: role.partner for role in cap.Role} == {
        cap.Role.PROVIDER: cap.Role.CUSTOMER,
        cap.Role.CUSTOMER: cap.Role.PROVIDER,
        cap.Role.RS_SERVER: cap.Role.RS_CLIENT,
        cap.Role.RS_CLIENT: cap.Role.RS_SERVER,
        cap.Role.PEER: cap.Role.PEER,
    }
