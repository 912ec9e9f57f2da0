"""EVPN on the kernel in memory: what bgpd is told, and what is entered for other routers' hosts."""

from dataclasses import replace

import pytest

from grammar.base.values import Address
from tests.zebra.stack import RUNNING, Stack, TestClient, ethernet
from zebra.kernel.api import Link
from zebra.kernel.kinds import Vxlan
from zebra.kernel.neighbors import (
    FdbAdded,
    FdbEntry,
    FdbGone,
    Neighbor,
    NeighborAdded,
    NeighborGone,
)
from zebra.zapi.codec import decode, encode
from zebra.zapi.evpn import (
    AdvertiseAllVni,
    LocalMacAdd,
    LocalMacDelete,
    MacFlag,
    RemoteMacAdd,
    RemoteMacDelete,
    RemoteVtep,
    VniAdd,
    VniDelete,
)
from zebra.zapi.header import HEADER
from zebra.zapi.messages import DuplicateAddrDetection, Message

OWN, FAR = Address.parse("10.0.0.1"), Address.parse("10.0.0.2")
NOWHERE = Address.parse("0.0.0.0")
HOST, MAC = Address.parse("192.168.7.1"), bytes.fromhex("020000000001")
PORT, TUNNEL, BRIDGE = 2, 3, 4
LINKS = (
    replace(ethernet(PORT, "port"), master=BRIDGE),
    Link(TUNNEL, "vxlan100", RUNNING, kind="vxlan", master=BRIDGE, vxlan=Vxlan(100, OWN)),
    Link(BRIDGE, "br100", RUNNING, kind="bridge"),
)
UP = VniAdd(100, OWN, 0, NOWHERE, BRIDGE)
SEEN = FdbAdded(FdbEntry(PORT, MAC))
ASKED = NeighborAdded(Neighbor(BRIDGE, HOST, MAC))


class Site:
    """zebra with one VNI, and the client that asks for it."""

    def __init__(self) -> None:
        self.stack = Stack(LINKS, static=False)
        self.hosts = self.stack.kernel.hosts
        self.client: TestClient = self.stack.client()

    def ask(self, on: bool = True) -> list[Message]:
        return self.client.send(AdvertiseAllVni(on))

    def happen(self, *events: FdbAdded | FdbGone | NeighborAdded | NeighborGone) -> list[Message]:
        self.client.heard.clear()
        for event in events:
            self.hosts.happen(event)
        self.stack.settle()
        return list(self.client.heard)

    def entries(self) -> list[tuple[bytes, Address | None]]:
        return sorted((mac, vtep) for _, mac, vtep in self.hosts.fdb if vtep is not None)


@pytest.fixture
def site() -> Site:
    made = Site()
    made.ask()
    return made


def remote(sequence: int = 0, address: Address | None = None) -> RemoteMacAdd:
    return RemoteMacAdd(100, MAC, address, FAR, MacFlag.NONE, sequence)


def test_what_is_there_is_told_when_it_is_asked_for() -> None:
    site = Site()
    assert site.happen(SEEN, ASKED) == []
    assert site.ask() == [UP, LocalMacAdd(100, MAC, None), LocalMacAdd(100, MAC, HOST)]


def test_addresses_of_ports_are_no_hosts(site: Site) -> None:
    assert site.happen(FdbAdded(FdbEntry(PORT, MAC, permanent=True))) == []


def test_a_host_is_told_once_its_mac_address_was_seen(site: Site) -> None:
    assert site.happen(ASKED) == []
    assert site.happen(SEEN) == [LocalMacAdd(100, MAC, None), LocalMacAdd(100, MAC, HOST)]
    assert site.happen(SEEN, ASKED) == []
    assert site.happen(NeighborGone(BRIDGE, HOST)) == [LocalMacDelete(100, MAC, HOST)]
    assert site.happen(FdbGone(FdbEntry(PORT, MAC))) == [LocalMacDelete(100, MAC, None)]


def test_hosts_of_other_routers_are_entered_and_removed(site: Site) -> None:
    told = site.client.send(RemoteVtep(True, 100, FAR), remote(), remote(address=HOST))
    assert told == []
    assert site.entries() == [(bytes(6), FAR), (MAC, FAR)]
    assert site.hosts.neighbors[BRIDGE, HOST] == Neighbor(BRIDGE, HOST, MAC, learned=True)
    site.client.send(RemoteMacDelete(100, MAC, HOST, FAR), RemoteMacDelete(100, MAC, None, FAR))
    site.client.send(RemoteVtep(False, 100, FAR, 1))
    assert site.entries() == []
    assert not site.hosts.neighbors
    assert "No remote VTEPs" in site.stack.show("show evpn vni 100")


def test_a_host_that_comes_here_counts_one_more(site: Site) -> None:
    site.client.send(remote(4))
    assert site.happen(SEEN) == [LocalMacAdd(100, MAC, None, MacFlag.NONE, 5)]
    site.client.send(remote(4))  # told before it moved
    assert f"{MAC.hex(':')} local " in site.stack.show("show evpn mac vni 100")
    site.client.send(remote(6))
    assert f"{MAC.hex(':')} remote " in site.stack.show("show evpn mac vni 100")


def test_too_many_moves_make_a_duplicate(site: Site) -> None:
    site.client.send(DuplicateAddrDetection(True, 100, 3, False, 0))
    for sequence in range(0, 4, 2):
        site.client.send(remote(sequence))
        site.happen(SEEN)
    line = f"show evpn mac vni 100 mac {MAC.hex(':')}"
    assert "Duplicate, detected at" in site.stack.show(line)
    site.stack.show("clear evpn dup-addr vni 100")
    assert "uplicate" not in site.stack.show(line)


def test_what_others_take_comes_back(site: Site) -> None:
    site.client.send(RemoteVtep(True, 100, FAR), remote(), remote(address=HOST))
    site.happen(
        FdbGone(FdbEntry(TUNNEL, bytes(6), FAR)),
        FdbGone(FdbEntry(TUNNEL, MAC, FAR)),
        FdbGone(FdbEntry(TUNNEL, MAC)),
        NeighborGone(BRIDGE, HOST),
    )
    assert site.entries() == [(bytes(6), FAR), (MAC, FAR)]
    assert site.hosts.neighbors[BRIDGE, HOST].learned


def test_lost_news_are_made_up_for(site: Site) -> None:
    """Another host came and the first one went, and one of another router was taken away."""
    other, third = bytes.fromhex("020000000002"), bytes.fromhex("020000000003")
    site.happen(SEEN, ASKED)
    site.client.send(RemoteVtep(True, 100, FAR), RemoteMacAdd(100, third, None, FAR))
    site.hosts.fdb = {(PORT, other, None): FdbEntry(PORT, other)}
    site.hosts.neighbors.clear()
    site.client.heard.clear()
    site.stack.zebra.watcher.overrun()
    site.stack.settle()
    assert site.client.heard == [
        LocalMacDelete(100, MAC, None),
        LocalMacDelete(100, MAC, HOST),
        LocalMacAdd(100, other, None),
    ]
    assert site.entries() == [(bytes(6), FAR), (third, FAR)]


def test_a_tunnel_that_goes_down_is_forgotten(site: Site) -> None:
    site.client.send(RemoteVtep(True, 100, FAR), remote())
    site.client.heard.clear()
    site.stack.kernel.set_link(replace(LINKS[1], flags=0))
    site.stack.settle()
    assert VniDelete(100) in site.client.heard
    assert site.entries() == []
    site.client.heard.clear()
    site.stack.kernel.set_link(LINKS[1])
    site.stack.settle()
    assert UP in site.client.heard


@pytest.mark.parametrize("how", ["asks no more", "leaves"])
def test_nothing_stays_when_the_client_is_gone(site: Site, how: str) -> None:
    site.client.send(RemoteVtep(True, 100, FAR), remote())
    if how == "leaves":
        site.client.link.close()
        site.stack.settle()
    else:
        site.ask(on=False)
    assert site.entries() == []
    assert site.stack.show("show evpn vni") == ""


RECORDED = {
    "0000006402000000000100000004c0a80701000000000200000000000000000000": (
        73, LocalMacAdd(100, MAC, HOST, MacFlag.NONE, 2),
    ),
    "0000006402000000000100000004c0a8070100000001": (74, LocalMacDelete(100, MAC, HOST)),
    "000000640200000000010004c0a807010a000002000000000100000000000000000000": (
        77, remote(1, HOST),
    ),
    "0000006402000000000100000a000002": (78, RemoteMacDelete(100, MAC, None, FAR)),
    "000000640a00000200000000": (71, RemoteVtep(True, 100, FAR)),
    "000000640a00000200000001": (72, RemoteVtep(False, 100, FAR, 1)),
    "000000640a000001000000000000000003000000": (67, VniAdd(100, OWN, 0, NOWHERE, 3)),
}  # fmt: skip
"""Bodies as FRR 8.4.4's bgpd and zebra send them to each other."""


@pytest.mark.parametrize(("data", "expected"), RECORDED.items())
def test_messages_are_those_of_frr(data: str, expected: tuple[int, Message]) -> None:
    command, message = expected
    wire = encode(message)
    assert (int.from_bytes(wire[8:10], "big"), wire[HEADER.size :].hex()) == (command, data)
    from_client = command in (71, 72, 77, 78)
    assert decode(command, bytes.fromhex(data), from_client=from_client) == message
