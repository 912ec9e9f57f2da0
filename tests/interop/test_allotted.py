"""What zebra allots to clients, beside FRR's: SRv6 locators, ranges of labels and of tables, and
link parameters, byte for byte; and what is shown of configured labels and pseudowires.

The same lines and the same messages go to both; each answer is what a client was sent until it
heard that a command of no meaning is none.
"""

import re
import socket
import struct
from collections.abc import Iterator

import pytest

from tests.support.frr import FrrRouter
from tests.support.mixed import MixedRouter
from tests.support.namespaces import Lab
from tests.support.ours import OurRouter
from tests.support.realbgpd import RealDaemon
from tests.support.router import Router
from tests.support.wait import until
from zebra.zapi import allotted
from zebra.zapi import messages as zapi
from zebra.zapi.codec import encode

pytestmark = pytest.mark.real

BGP, ISIS, OPENFABRIC = zapi.RouteType.BGP, zapi.RouteType.ISIS, zapi.RouteType.OPENFABRIC
END = encode(zapi.Error(zapi.ErrorCode.INVALID_COMMAND))
HARDWARE = "02:00:00:00:00:01"
SHOWS = (
    "show segment-routing srv6 locator",
    "show segment-routing srv6 locator json",
    *(
        f"show segment-routing srv6 locator {name} detail{form}"
        for name in ("L1", "L2", "none")
        for form in ("", " json")
    ),
)


class Client:
    """A client of bytes; `heard` reads up to the answer to a command of no meaning."""

    def __init__(self, router: Router, protocol: zapi.RouteType, *, notify: bool = False) -> None:
        self.protocol = protocol
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(10)
        self._socket.connect(str(router.run / "zserv.api"))
        self._rest = b""
        self.send(zapi.Hello(protocol, notify=notify))
        self.heard()

    def send(self, *messages: zapi.Message) -> None:
        self.send_bytes(b"".join(map(encode, messages)))

    def send_bytes(self, data: bytes) -> None:
        self._socket.sendall(data)

    def heard(self) -> list[str]:
        self.send(zapi.Unknown(200))
        data = self._rest
        told: list[bytes] = []
        while not told or told[-1] != END:
            while len(data) < 2 or len(data) < struct.unpack_from(">H", data)[0]:
                data += self._socket.recv(65536)
            size = struct.unpack_from(">H", data)[0]
            told.append(data[:size])
            data = data[size:]
        self._rest = data
        return [each.hex() for each in told[:-1]]

    def close(self) -> None:
        self._socket.close()


class Side:
    """One zebra, a client that is bgpd and one that is isisd."""

    def __init__(self, router: Router) -> None:
        router.start("zebra")
        self.vty = RealDaemon(router, "zebra")
        self.bgp, self.isis = Client(router, BGP), Client(router, ISIS)
        self.router = router

    def type(self, *lines: str) -> list[tuple[int, str]]:
        before = ("end", "configure terminal")
        return [self.vty.type(line) for line in (*before, *lines, "end")]

    def close(self) -> None:
        for one in (self.vty, self.bgp, self.isis):
            one.close()

    def told(self) -> tuple[list[str], list[str]]:
        return self.bgp.heard(), self.isis.heard()


@pytest.fixture(scope="module")
def sides() -> Iterator[tuple[Side, Side]]:
    with Lab() as lab:
        files = {"zebra.conf": ""}
        both = []
        for kind in (FrrRouter, OurRouter):
            node = lab.namespace(f"allotted-{kind.kind}")
            node.ip("link", "add", "prt0", "type", "veth", "peer", "name", "prt1")
            for words in (("prt0", "address", HARDWARE, "up"), ("prt1", "up")):
                node.ip("link", "set", *words)
            both.append(Side(kind(node, files)))
        yield both[0], both[1]
        for side in both:
            side.close()


LOCATORS = ("segment-routing", "srv6", "locators")


def test_locators_are_told_and_lent(sides: tuple[Side, Side]) -> None:
    ask, back = allotted.LocatorChunkRequest, allotted.LocatorChunkRelease
    steps: list[tuple[str, tuple[object, ...]]] = [
        ("type", (*LOCATORS, "locator L2", "exit", "locator L1", "prefix 2001:db8:1::/48")),
        ("type", (*LOCATORS, "locator L2", "prefix 2001:db8:2::1/64 func-bits 32")),
        ("bgp", (ask("L1"),)),
        ("bgp", (ask("L1"), ask("none"))),
        ("isis", (ask("L1"),)),
        ("isis", (back("L1"), ask("L1"))),
        ("isis", (ask("L2"),)),
        ("type", (*LOCATORS, "locator L1", "prefix 2001:db8:9::/40")),
        ("bgp", (ask("L1"),)),
        ("bgp", (back("L1"),)),
        ("isis", (ask("L1"),)),
        ("type", (*LOCATORS, "no locator L1")),
        ("type", (*LOCATORS, "locator L1", "prefix 2001:db8:3::/20")),
        ("bgp", (ask("L1"),)),
        ("type", ("segment-routing", "no srv6")),
    ]
    for kind, what in steps:
        outcomes = []
        for side in sides:
            answer = None
            if kind == "type":
                answer = side.type(*map(str, what))
            else:
                client: Client = getattr(side, kind)
                client.send(*what)  # type: ignore[arg-type]
            outcomes.append((answer, side.told(), [side.vty.type(show) for show in SHOWS]))
        assert outcomes[1] == outcomes[0], (kind, what)


def test_labels_are_handed_out(sides: tuple[Side, Side]) -> None:
    connect = allotted.LabelManagerConnect

    def ask(
        client: zapi.RouteType, size: int, base: int = 0, *, keep: bool = False
    ) -> zapi.Message:
        return allotted.LabelChunkRequest(client, keep=keep, size=size, base=base)

    def back(client: zapi.RouteType, first: int, last: int) -> zapi.Message:
        return allotted.LabelChunkRelease(client, first=first, last=last)

    steps: list[tuple[str, tuple[zapi.Message, ...]]] = [
        ("bgp", (ask(BGP, 10),)),
        ("bgp", (connect(BGP, asynchronous=True), ask(BGP, 10), ask(BGP, 100))),
        ("bgp", (connect(BGP), ask(BGP, 10), ask(BGP, 100))),
        ("isis", (connect(ISIS, asynchronous=True), ask(ISIS, 5), ask(ISIS, 5, 1000))),
        ("bgp", (ask(BGP, 5, 1002), ask(BGP, 5, 5), ask(BGP, 5, 20))),
        ("bgp", (ask(BGP, 50, 1048570), ask(BGP, 6, 1048570))),
        ("bgp", (back(BGP, 16, 25),)),
        ("isis", (ask(ISIS, 4), ask(ISIS, 10), back(ISIS, 26, 125), ask(ISIS, 20))),
        ("bgp", (ask(BGP, 10, keep=True), ask(BGP, 7))),
        ("bgp", (connect(BGP), ask(BGP, 10), ask(BGP, 7), ask(BGP, 900))),
        ("bgp", (connect(zapi.RouteType.STATIC),)),
    ]
    for kind, what in steps:
        told = []
        for side in sides:
            client: Client = getattr(side, kind)
            client.send(*what)
            told.append(side.told())
        assert told[1] == told[0], (kind, what)
    told = []
    for side in sides:
        side.isis.close()
        gone = until(side.bgp.heard, 10, "that the one is gone, before the other comes")
        side.isis = Client(side.router, OPENFABRIC)
        side.isis.send(ask(OPENFABRIC, 5), ask(OPENFABRIC, 20))
        bgp, isis = side.told()
        told.append((sorted([*gone, *bgp]), sorted(isis)))
    assert told[1] == told[0]


def test_tables_are_handed_out(sides: tuple[Side, Side]) -> None:
    connect, ask = allotted.TableManagerConnect, allotted.TableChunkRequest
    back = allotted.TableChunkRelease
    of_short_body = zapi.Unknown(89, b"ab")
    steps: list[tuple[str, tuple[object, ...]]] = [
        ("bgp", (ask(10), connect(BGP), ask(10), ask(300), back(1, 10), ask(10), ask(5))),
        ("isis", (connect(ISIS), ask(10), ask(0), ask(0xFFFFFFF0), back(1, 10), of_short_body)),
        *(("isis", (connect(protocol),)) for protocol in (0, 3, 4, 99)),
        *(
            ("type", (f"ip table range {bounds}",))
            for bounds in ("5 1", "200 254", "254 254", "250 300", "253 256", "1 252")
        ),
        ("type", ("ip table range 1000 1010",)),
        ("isis", (ask(5), ask(1))),
        ("type", ("ip table range 1000 1020", "ip table range 1000 1020")),
        ("bgp", (connect(BGP), ask(10), ask(300), ask(300))),
        ("type", ("no ip table range 1 1",)),
        ("isis", (ask(5), ask(4000000000), ask(400000000))),
        ("type", ("vrf red", "ip table range 10 20", "no ip table range 10 20")),
    ]
    for kind, what in steps:
        outcomes: list[object] = []
        for side in sides:
            if kind == "type":
                outcomes.append(side.type(*map(str, what)))
            else:
                client: Client = getattr(side, kind)
                client.send(*what)  # type: ignore[arg-type]
                outcomes.append(client.heard())
        assert outcomes[1] == outcomes[0], (kind, what)


PARAMS = (
    *("enable", "metric 10", "metric 10", "max-bw 1.3e9", "max-rsv-bw 1e5", "unrsv-bw 0 2e5"),
    *("admin-grp 0xff", "delay 100 min 50 max 200", "delay-variation 20", "packet-loss 70"),
    *("ava-bw 1e4", "res-bw 2e4", "use-bw 3e4", "neighbor 10.0.0.9 as 65001"),
    *("no delay", "no neighbor", "delay 5", "metric 11"),
)


def test_link_parameters_are_told_and_shown(sides: tuple[Side, Side]) -> None:
    for side in sides:
        side.bgp.send(zapi.InterfaceRequest())
        side.told()
    for line in PARAMS:
        outcomes = []
        for side in sides:
            answer = side.type("interface prt0", "link-params", line)
            told = [each[28:] for each in side.told()[0]]
            shows = [
                side.vty.type(f"show interface prt0{form}")[1].partition(title)[2]
                for form, title in (("", "Traffic"), (" json", "trafficEng"))
            ]
            outcomes.append((answer, told, shows))
        assert outcomes[1] == outcomes[0], (line, outcomes)
        assert "metric" in outcomes[0][2][0] or line == "enable"
    late = []
    for side in sides:
        client = Client(side.router, OPENFABRIC)
        client.send(zapi.InterfaceRequest())
        late.append([each[:20] for each in client.heard()])
        client.close()
        side.type("interface prt0", "link-params", "no enable")
    assert late[1] == late[0]


MPLS = (
    "mpls label bind 10.1.0.0/16 20",
    "mpls label bind 2001:db8::/32 implicit-null",
    "mpls label bind 10.2.0.0/16 explicit-null",
    "mpls label bind 2001:db8::/48 explicit-null",
    *("pseudowire PW2", "exit", "pseudowire PW1", "neighbor 10.0.0.1"),
    *("mpls label local 100 remote 200", "exit", "pseudowire prt1"),
    *("neighbor 2001:db8::1", "mpls label local 101 remote 201", "control-word exclude"),
)


def test_labels_and_pseudowires_are_shown(sides: tuple[Side, Side]) -> None:
    shows = [
        *(
            f"show mpls fec{prefix}"
            for prefix in ("", " 10.1.0.0/16", " 2001:db8::/48", " 10.9.0.0/16")
        ),
        "show mpls pseudowires",
        "show mpls pseudowires detail",
        "show mpls pseudowires detail json",
    ]
    empty = [[side.vty.type(line) for line in shows] for side in sides]
    assert empty[1] == empty[0]
    for side in sides:
        side.type(*MPLS)
    told = [[side.vty.type(line) for line in shows] for side in sides]
    assert told[1] == told[0]


REFUSED = ("mpls lsp 100 10.0.0.9 200", "interface prt0", "mpls enable")
SWITCHED = (
    "mpls lsp 100 10.0.0.9 200",
    "mpls lsp 101 10.0.0.9 implicit-null",
    "mpls lsp 17 192.0.2.1 explicit-null",
    *(f"mpls lsp 104 10.0.0.{host} 20{host}" for host in (7, 9, 8, 7)),
    "mpls lsp 104 2001:db8:5::9 300",
    "mpls lsp 106 2001:db8:5::9 explicit-null",
    "mpls lsp 106 2001:db8:9::9 16",
    "mpls lsp 100 10.0.0.9 201",
)
NO_LONGER_SWITCHED = (
    "no mpls lsp 100 10.0.0.9 999",
    "no mpls lsp 104 10.0.0.9",
    "no mpls lsp 101",
    "no mpls lsp 555",
    "no mpls lsp 106 2001:db8:5::8",
    "interface prt0",
    "no mpls enable",
    "exit",
    "mpls lsp 107 10.0.0.9 200",
)


def test_switched_paths_are_kept_printed_and_shown(sides: tuple[Side, Side]) -> None:
    labels = ("", " 17", " 100", " 101", " 104", " 106", " 999")
    shows = [f"show mpls table{label}{form}" for label in labels for form in ("", " json")]
    shows.append("show mpls status")

    def shown(side: Side) -> list[tuple[int, str]]:
        return [side.vty.type(line) for line in shows]

    for side in sides:
        for address in ("10.0.0.1/24", "2001:db8:5::1/64"):
            side.router.namespace.ip("address", "add", address, "dev", "prt0", "nodad")
            until(
                lambda s=side, a=address: a in s.vty.type("show interface prt0")[1],  # type: ignore[misc]
                10,
                f"zebra has {address}",
            )
    for lines in ((), REFUSED, SWITCHED, NO_LONGER_SWITCHED):
        answers = [side.type(*lines) for side in sides]
        assert answers[1] == answers[0]
        if lines:
            for side in sides:  # FRR's takes it for there, and looks for interfaces, a little later
                until(lambda s=side: "yes" in s.vty.type(shows[-1])[1], 10, "MPLS is there")  # type: ignore[misc]
        until(lambda: shown(sides[0]) == shown(sides[1]), 5, f"the same shows after {lines}")
        for side in sides:  # there is no MPLS in the kernel

            def refused(side: object = side, none: bool = lines in ((), REFUSED)) -> bool:
                text = side.vty.type("show zebra dplane")[1]  # type: ignore[attr-defined]
                tried, failed = re.findall(r"LSP update.*: +(\d+)", text)[:2]
                return tried == failed and (tried == "0") is none

            until(refused, 5, f"all switched paths are refused after {lines}")
        printed = [
            [
                line
                for line in side.vty.type("show running-config")[1].splitlines()
                if line.lstrip().startswith("mpls ")
            ]
            for side in sides
        ]
        assert printed[1] == printed[0]
    assert "mpls lsp 107 10.0.0.9 200" in printed[0]


SRV6 = "router bgp 65001\n bgp router-id 10.0.0.1\n segment-routing srv6\n  locator L1\n"
LOCATOR = "segment-routing\n srv6\n  locators\n   locator L1\n    prefix 2001:db8:1::/48\n"


def test_frrs_bgpd_has_its_locator_from_our_zebra() -> None:
    shows = (
        "show bgp segment-routing srv6",
        "show segment-routing srv6 locator json",
        "show segment-routing srv6 locator L1 detail",
    )
    told = []
    with Lab() as lab:
        for name, ours in (("srvfrr", ()), ("srvours", ("zebra",))):
            files = {"zebra.conf": LOCATOR, "bgpd.conf": SRV6}
            router = MixedRouter(lab.namespace(name), files, ours=ours)
            router.start("zebra", "bgpd")
            until(lambda r=router: "2001:db8:1:" in r.show(shows[0]), 10, "bgpd has a locator")  # type: ignore[misc]
            texts = [router.show(line) for line in shows]
            told.append([re.sub(r"0x[0-9a-f]+", "<place>", text) for text in texts])
    assert told[1] == told[0]
