"""The codec against recordings of FRR's own zebra, bgpd and staticd, and of gobgpd."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from grammar.base.values import Address, Afi, Prefix
from zebra.zapi import messages as zapi
from zebra.zapi.codec import FRR81, FRR84, Dialect, decode, encode
from zebra.zapi.header import Frame, Framer, ZapiError

GOLDEN = Path(__file__).parent.parent / "golden" / "zapi"
FILES = {
    "bgpd-8.4.4-with-real-zebra": FRR84,
    "bgpd-8.4.4-ibgp-suppress-fib": FRR84,
    "bgpd-8.4.4-with-emulated-zebra": FRR84,
    "staticd-8.4.4-with-real-zebra": FRR84,
    "client-as-bgp-with-real-zebra": FRR84,
    "gobgpd-3.10-with-emulated-8.1": FRR81,
}
MALFORMED = {
    "000afe060000004d0012",  # HELLO without a body, for a VRF that does not exist
}
NO_NEXTHOPS = b"\0\0\1"
"""How staticd's withdrawal of an unresolved route ends: no next hops, distance 1."""


def recorded(name: str) -> Iterator[tuple[str, bool, bytes]]:
    for entry in json.loads((GOLDEN / f"{name}.json").read_text()):
        data = bytes.fromhex(entry["hex"])
        if data[2:4] == b"\xfe\x06":
            yield entry["name"], entry["dir"] == "client->zebra", data


def frame_of(data: bytes) -> Frame:
    (frame,) = Framer().feed(data)
    return frame


@pytest.mark.parametrize(("name", "dialect"), FILES.items())
def test_every_recorded_message_decodes_and_encodes_to_its_bytes(
    name: str, dialect: Dialect
) -> None:
    count = 0
    for command, from_client, data in recorded(name):
        frame = frame_of(data)
        if data.hex() in MALFORMED or (command == "ZEBRA_ROUTE_ADD" and data[23] == 33):
            with pytest.raises(ZapiError):
                decode(frame.command, frame.body, dialect, from_client=from_client)
            continue
        message = decode(frame.command, frame.body, dialect, from_client=from_client)
        again = encode(message, frame.vrf, dialect)
        if isinstance(message, zapi.RouteDelete) and data.endswith(NO_NEXTHOPS):
            # staticd sends a list of no next hops where we send no list.
            assert decode(9, again[10:], from_client=True) == message
            continue
        count += 1
        assert isinstance(message, zapi.Unknown) == (command == "ZEBRA_?200")
        assert again.hex() == data.hex(), (command, message)
    assert count > 10


def one(file: str, command: str, **wanted: object) -> zapi.Message:
    for recorded_command, from_client, data in recorded(file):
        if recorded_command == command:
            frame = frame_of(data)
            message = decode(frame.command, frame.body, FILES[file], from_client=from_client)
            if all(getattr(message, key, None) == value for key, value in wanted.items()):
                return message
    raise AssertionError(f"{command} is not in {file}")


def test_fields_of_bgpds_messages() -> None:
    name = "bgpd-8.4.4-ibgp-suppress-fib"
    assert one(name, "ZEBRA_HELLO") == zapi.Hello(zapi.RouteType.BGP)
    assert one(name, "ZEBRA_ROUTE_NOTIFY_REQUEST") == zapi.RouteNotifyRequest(True)
    assert one(name, "ZEBRA_ROUTE_ADD") == zapi.RouteAdd(
        zapi.Route(
            zapi.RouteType.BGP,
            Prefix.parse("10.56.0.0/16"),
            (zapi.Nexthop.via(Address.parse("10.8.0.2")),),
            distance=200,
            metric=0,
            flags=zapi.RouteFlag.ALLOW_RECURSION | zapi.RouteFlag.IBGP,
        )
    )
    assert one(name, "ZEBRA_NEXTHOP_REGISTER") == zapi.NexthopRegister(
        (zapi.NexthopWatch(Prefix.parse("10.8.0.2/32")),)
    )


def test_fields_of_zebras_messages() -> None:
    name = "bgpd-8.4.4-ibgp-suppress-fib"
    assert one(name, "ZEBRA_CAPABILITIES") == zapi.Capabilities()
    assert one(name, "ZEBRA_VRF_ADD") == zapi.VrfAdd("default", 254)
    assert one(name, "ZEBRA_ROUTER_ID_UPDATE") == zapi.RouterIdUpdate(Prefix.parse("10.8.0.1/32"))
    assert one(name, "ZEBRA_ROUTE_NOTIFY_OWNER") == zapi.RouteNotifyOwner(
        zapi.NotifyNote.INSTALLED, Prefix.parse("10.56.0.0/16")
    )
    assert one(name, "ZEBRA_NEXTHOP_UPDATE") == zapi.NexthopUpdate(
        Prefix.parse("10.8.0.2/32"),
        Prefix.parse("10.8.0.0/24"),
        zapi.RouteType.CONNECTED,
        nexthops=(zapi.Nexthop.dev(2),),
    )
    loopback = one("bgpd-8.4.4-with-real-zebra", "ZEBRA_INTERFACE_ADD", name="lo")
    assert loopback == zapi.InterfaceState(
        zapi.InterfaceEvent.ADD,
        "lo",
        1,
        zapi.InterfaceStatus.ACTIVE | zapi.InterfaceStatus.LINK_DETECTION,
        flags=65609,
        mtu=65536,
        mtu6=65536,
        link_layer=zapi.LinkLayer.LOOPBACK,
    )


def test_blackholes_of_staticd_are_null_routes() -> None:
    hops = []
    for command, from_client, data in recorded("staticd-8.4.4-with-real-zebra"):
        if command == "ZEBRA_ROUTE_ADD":
            message = decode(8, data[10:], from_client=from_client)
            assert isinstance(message, zapi.RouteAdd)
            hops += message.route.nexthops
    assert zapi.Nexthop.drop(zapi.BlackholeType.NULL) in hops
    assert any(hop.gate is not None and hop.gate.afi is Afi.IPV6 for hop in hops)
