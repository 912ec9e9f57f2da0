"""Kernels in memory as files describe them, wires between them, and what changes while they run."""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path

import pytest

from bgp.sockets import Endpoint
from grammar.base.values import Address
from pyvtysh.host.errors import StartError
from pyvtysh.host.laboratory import Laboratory, read_state
from pyvtysh.host.statefile import StateError, parse_state
from zebra.kernel.api import Link, RouteKind, SetLink

FILE = """\
# a router of the laboratory
interface lo
 address 10.255.0.1/32
interface eth0
 wire r1-r2
 ip address 10.0.12.1/24
 ipv6 address 2001:db8:12::1/64
 mtu 9000
 mac 02:00:00:00:00:01
 speed 1000
!
interface eth1
 address 10.1.0.1 peer 10.1.0.2/32
 down
route 192.0.2.0/24 via 10.0.12.9 proto dhcp metric 100
route default dev eth0
route blackhole 198.51.100.0/24 table 100
ipv6 route 2001:db8:9::/48 via 2001:db8:12::9 dev eth0 onlink
"""


def run(steps: Callable[[], Coroutine[None, None, None]]) -> None:
    async def limited() -> None:
        async with asyncio.timeout(10):
            await steps()

    asyncio.run(limited())


async def settled(condition: Callable[[], bool]) -> None:
    while not condition():
        await asyncio.sleep(0.001)


def laboratory(text: str, folder: Path | None = None, name: str = "r1") -> Laboratory:
    made = Laboratory(asyncio.get_running_loop(), folder, name)
    assert made.apply(parse_state(text)) == []
    return made


def link(made: Laboratory, name: str) -> Link:
    (found,) = [each for each in made.kernel.links() if each.name == name]
    return found


def addresses(made: Laboratory, name: str) -> list[str]:
    found = made.kernel.addresses(made.index(name))
    return [str(each.prefix) for each in found if not each.prefix.address.is_link_local]


def reaches(made: Laboratory, address: str) -> bool:
    return made.reaches(Endpoint(Address.parse(address), 0))


# --- files ---------------------------------------------------------------------------------------


def test_a_file_makes_interfaces_addresses_and_routes(tmp_path: Path) -> None:
    async def steps() -> None:
        made = laboratory(FILE, tmp_path)
        eth0, eth1 = link(made, "eth0"), link(made, "eth1")
        assert (eth0.mtu, eth0.speed, eth0.hw_address) == (9000, 1000, bytes((2, 0, 0, 0, 0, 1)))
        assert (eth0.up, eth0.running, eth1.up) == (True, False, False)
        assert addresses(made, "lo") == ["127.0.0.1/8", "::1/128", "10.255.0.1/32"]
        assert addresses(made, "eth0") == ["10.0.12.1/24", "2001:db8:12::1/64"]
        (far,) = made.kernel.addresses(eth1.ifindex)
        assert (str(far.prefix), str(far.peer)) == ("10.1.0.1/32", "10.1.0.2")
        rows = [
            (str(each.prefix), each.table, each.protocol, each.metric, each.type)
            for each in made.kernel.routes()
        ]
        assert rows == [
            ("198.51.100.0/24", 100, 3, 0, RouteKind.BLACKHOLE),
            ("0.0.0.0/0", 254, 3, 0, RouteKind.UNICAST),
            ("192.0.2.0/24", 254, 16, 100, RouteKind.UNICAST),
            ("2001:db8:9::/48", 254, 3, 1024, RouteKind.UNICAST),
        ]
        made.close()

    run(steps)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("address 10.0.0.1/24", 1, "not understood: address 10.0.0.1/24"),
        ("\ninterface eth0\n adress 10.0.0.1/24", 3, "not understood: adress 10.0.0.1/24"),
        ("interface eth0\n address 10.0.0.1", 2, "10.0.0.1: an address with the length"),
        ("interface eth0\n address 10.0.0.1/33", 2, "10.0.0.1/33"),
        ("interface eth0123456789012", 1, "not a name for an interface"),
        ("interface eth0\n mtu 9", 2, "9: not a number from 68 to 65535"),
        ("interface eth0\n mac 02:00", 2, "not understood: mac 02:00"),
        ("interface eth0\n wire a/b", 2, "not understood: wire a/b"),
        ("route 10.0.0.0/8", 1, "route 10.0.0.0/8: via or dev is needed"),
        ("route 10.0.0.0/8 over eth0", 1, "route 10.0.0.0/8: over is not understood"),
        ("route", 1, "route: a prefix is needed"),
    ],
)
def test_wrong_lines_are_named(text: str, line: int, said: str) -> None:
    with pytest.raises(StateError, match=said) as caught:
        parse_state(text)
    assert caught.value.line == line


def test_files_and_plain_addresses_go_together(tmp_path: Path) -> None:
    file = tmp_path / "interfaces"
    file.write_text("interface eth0\n mtu 1400\n")
    state = read_state([str(file), "eth0=10.0.0.1/24", "eth1=10.1.0.1/24"])
    assert list(state.links) == ["eth0", "eth1"]
    assert state.links["eth0"].mtu == 1400
    assert [str(each.prefix) for each in state.links["eth0"].addresses] == ["10.0.0.1/24"]
    file.write_text("interface eth0\n mtu x\n")
    with pytest.raises(StartError, match=f"{file}, line 2: x: not a number"):
        read_state([str(file)])
    for text in ("a", "a=10.0.0.1", "=10.0.0.1/8", "a=1.1.1.1/33"):
        with pytest.raises(StartError, match=f"--memory {text}: "):
            read_state([text])


def test_what_cannot_be_is_told() -> None:
    async def steps() -> None:
        made = Laboratory(asyncio.get_running_loop(), None, "r1")
        assert made.apply(
            parse_state(
                "interface eth0\n wire a\n address 10.0.0.1/24\n address 10.0.0.1/24\n"
                "route 10.9.0.0/16 via 10.8.0.1\nroute 10.9.0.0/16 dev eth7\n",
                "FILE",
            )
        ) == [
            "interface eth0: a wire needs --wire DIR",
            "interface eth0: address 10.0.0.1/24: File exists",
            "FILE, line 5: route 10.9.0.0/16: Network is unreachable",
            "FILE, line 6: route 10.9.0.0/16: there is no interface eth7",
        ]

    run(steps)


def test_only_what_changed_is_carried_out() -> None:
    async def steps() -> None:
        made = laboratory("interface a\n address 10.0.0.1/24\ninterface b\n address 10.1.0.1/24\n")
        made.kernel.change(SetLink(made.index("a"), up=False))
        before = made.index("a")
        text = "interface a\n address 10.0.0.1/24\n address 10.0.5.1/24\ninterface c\n no carrier\n"
        assert made.apply(parse_state(text)) == []
        assert (made.index("a"), made.index("b")) == (before, 0)
        assert not link(made, "a").up  # as somebody else wanted it
        assert addresses(made, "a") == ["10.0.0.1/24", "10.0.5.1/24"]
        assert (link(made, "c").up, link(made, "c").running) == (True, False)
        assert made.apply(parse_state(text.replace(" no carrier\n", ""))) == []
        assert link(made, "c").running

    run(steps)


# --- wires ---------------------------------------------------------------------------------------


def test_a_wire_has_carrier_while_the_other_end_is_up(tmp_path: Path) -> None:
    async def steps() -> None:
        one = laboratory("interface eth0\n wire w\n address 10.0.0.1/24\n", tmp_path)
        assert not link(one, "eth0").running
        other = laboratory("interface e9\n wire w\n address 10.0.0.2/24\n", tmp_path, "r2")
        await settled(lambda: link(one, "eth0").running and link(other, "e9").running)
        assert reaches(one, "10.0.0.2")
        other.kernel.change(SetLink(other.index("e9"), up=False))
        await settled(lambda: not link(one, "eth0").running)
        assert link(one, "eth0").up
        assert not reaches(one, "10.0.0.2")
        other.kernel.change(SetLink(other.index("e9"), up=True))
        await settled(lambda: link(one, "eth0").running)
        other.close()
        await settled(lambda: not link(one, "eth0").running)
        one.close()

    run(steps)


def test_three_on_a_wire_do_not_miss_one(tmp_path: Path) -> None:
    async def steps() -> None:
        text = "interface eth0\n wire w\n"
        made = [laboratory(text, tmp_path, f"r{number}") for number in range(3)]
        await settled(lambda: all(link(each, "eth0").running for each in made))
        made[0].close()
        made[1].close()
        await settled(lambda: not link(made[2], "eth0").running)
        made[2].close()

    run(steps)


def test_who_is_reached_follows_the_routes(tmp_path: Path) -> None:
    async def steps() -> None:
        made = laboratory(
            "interface lo\n address 10.255.0.1/32\n"
            "interface eth0\n address 10.0.0.1/24\n address 2001:db8::1/64\n"
            "interface eth1\n address 10.1.0.1/24\n"
            "route 10.255.0.0/24 via 10.1.0.9\nroute blackhole 10.255.0.7/32\n",
            tmp_path,
        )
        far = Endpoint(Address.parse("10.255.0.2"), 179)
        assert made.reaches(far)
        assert str(made.source(far)) == "10.1.0.1"
        assert str(made.source(Endpoint(Address.parse("2001:db8::2"), 179))) == "2001:db8::1"
        assert not reaches(made, "10.255.0.7")
        assert not reaches(made, "10.9.0.1")
        assert reaches(made, "10.255.0.1")
        names = [name for name, _ in made.addresses()]
        assert names == ["10.255.0.1", "10.0.0.1", "2001:db8::1", "10.1.0.1"]
        made.kernel.set_carrier(made.index("eth1"), on=False)
        assert not made.reaches(far)
        made.close()

    run(steps)
