"""zebra's socket against what does not belong there: bad bytes, deaf clients, a second zebra."""

import random
import socket
import struct
from collections.abc import Iterator
from typing import ClassVar

import pytest

from grammar.base.values import Address, Prefix
from tests.support.namespaces import Lab, Namespace
from tests.support.ours import BIN, OurRouter
from tests.support.wait import until
from zebra.zapi import messages as zapi
from zebra.zapi.codec import DIALECTS, encode

pytestmark = pytest.mark.real

HELLO = encode(zapi.Hello(zapi.RouteType.OSPF))
ROUTE = zapi.Route(
    zapi.RouteType.BGP,
    Prefix.parse("172.19.0.0/16"),
    (zapi.Nexthop.via(Address.parse("192.0.2.9")),),
    distance=20,
)


class Raw:
    """A client of bytes."""

    made: ClassVar[list["Raw"]] = []

    def __init__(self, router: OurRouter) -> None:
        self.made.append(self)
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(10)
        self.socket.connect(str(router.run / "zserv.api"))

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def dropped(self) -> bool:
        """Read until zebra closes the connection."""
        try:
            while self.socket.recv(65536):
                pass
        except ConnectionResetError:
            pass
        return True

    def answered(self) -> bool:
        """Whether zebra still serves it: an unknown command gets an answer."""
        self.send(encode(zapi.Unknown(200)))
        got = b""
        answer = zapi.Error(zapi.ErrorCode.INVALID_COMMAND)
        errors = [encode(answer, dialect=dialect) for dialect in DIALECTS]
        while not any(error in got for error in errors):
            data = self.socket.recv(65536)
            if not data:
                return False
            got += data
        return True


class Site:
    """Our zebra, with a good client that has a route in the kernel."""

    def __init__(self, lab: Lab) -> None:
        self.node: Namespace = lab.namespace("r")
        far = lab.namespace("far")
        lab.link(self.node, "eth0", far, "eth0")
        self.node.ip("address", "add", "192.0.2.1/24", "dev", "eth0")
        self.router = OurRouter(self.node, {"zebra.conf": "log stdout\n"})
        self.router.start("zebra")
        self.good = Raw(self.router)
        self.good.send(encode(zapi.Hello(zapi.RouteType.BGP)) + encode(zapi.RouteAdd(ROUTE)))
        until(self.has_route, 5, "the good client's route in the kernel")

    def has_route(self) -> bool:
        return "172.19.0.0/16" in self.node.ip("route", "list", "proto", "bgp")

    def log(self) -> list[str]:
        """What zebra says of its clients, without times."""
        lines = self.router.processes["zebra"].output().splitlines()
        return [line.partition("zserv: ")[2] for line in lines if "zserv: " in line]


@pytest.fixture(scope="module", autouse=True)
def closed() -> Iterator[None]:
    yield
    while Raw.made:
        Raw.made.pop().socket.close()


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with Lab() as lab:
        yield Site(lab)


def header(size: int, marker: int = 254, version: int = 6, command: int = 0) -> bytes:
    return struct.pack(">HBBIH", size, marker, version, 0, command)


NO_FRAMING = {
    "text": b"GET / HTTP/1.1\r\nHost: zebra\r\n\r\n",
    "version": header(10, version=5),
    "marker": header(10, marker=255),
    "short": header(9),
    "huge": header(65535),
    "too-long": header(16385) + bytes(20000),
    "random": random.Random(6).randbytes(5000),
}


@pytest.mark.parametrize("data", NO_FRAMING.values(), ids=NO_FRAMING)
def test_what_is_no_framing_ends_that_client_with_one_line(site: Site, data: bytes) -> None:
    before = len(site.log())
    bad = Raw(site.router)
    bad.send(HELLO + data)
    assert bad.dropped()
    until(lambda: len(site.log()) > before, 5, "a line in the log")
    said = site.log()[before:]
    assert len(said) == 1
    assert "client ospf (fd " in said[0]
    assert "dropped: wrong header: " in said[0]
    assert site.good.answered()
    assert site.has_route()


def test_one_byte_at_a_time_is_framing_as_well(site: Site) -> None:
    slow = Raw(site.router)
    for byte in HELLO + encode(zapi.InterfaceRequest()):
        slow.send(bytes((byte,)))
    assert slow.answered()


def test_bodies_that_break_their_layout_are_ignored_with_one_line(site: Site) -> None:
    """As with FRR's zebra the client stays; of a thousand such messages the log has the first.

    Random bytes may look like another dialect, in which the answer comes then.
    """
    before = len(site.log())
    bad = Raw(site.router)
    noise = random.Random(8)
    bad.send(HELLO)
    for _ in range(1000):
        command, body = noise.randrange(8, 140), noise.randbytes(noise.randrange(40))
        bad.send(header(10 + len(body), command=command) + body)
    assert bad.answered()
    said = site.log()[before:]
    assert len(said) == 1
    assert " ignored: " in said[0]
    assert site.good.answered()
    assert site.has_route()


def test_a_second_zebra_says_why_it_cannot_start_and_harms_nothing(site: Site) -> None:
    argv = [BIN / "zebra", "-f", "/dev/null", "-z", site.router.run / "zserv.api", "-P", "0"]
    second = site.node.directory / "second"
    argv += ["-i", second / "zebra.pid", "--vty_socket", second]
    done = site.node.run(argv, check=False)
    assert done.returncode == 1
    path = site.router.run / "zserv.api"
    assert f"cannot listen on {path}: another zebra is there" in done.stderr
    assert site.good.answered()
    assert site.has_route()


def test_the_socket_of_a_zebra_that_died_is_taken_over() -> None:
    with Lab() as lab:
        node = lab.namespace("r")
        router = OurRouter(node)
        router.start("zebra")
        router.processes["zebra"].stop(9)
        assert (router.run / "zserv.api").exists()
        router.start("zebra")
        assert Raw(router).answered()
