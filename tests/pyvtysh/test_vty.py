"""The vty sockets of a daemon: framing, order, pace, limits, and telnet with its password."""

import asyncio
import contextlib
import os
import socket
import stat
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grammar.session import Session
from pyvtysh.dispatch import collect
from pyvtysh.host.answering import Answering
from pyvtysh.host.telnet import TelnetConnection, TelnetServer
from pyvtysh.host.vty import ListenError, VtyConnection, VtyServer
from pyvtysh.link import LinkLostError, SocketLink
from tests.grammar.toy import Farm
from tests.pyvtysh.serving import Served


class Client:
    """A raw client of a vty socket."""

    def __init__(self, path: Path) -> None:
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(5)
        self.socket.connect(str(path))

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def answer(self) -> tuple[bytes, int]:
        data = b""
        while b"\0" not in data or len(data) < data.index(b"\0") + 4:
            more = self.socket.recv(65536 if b"\0" not in data else 4)
            assert more, data
            data += more
            end = data.find(b"\0")
            if end >= 0 and len(data) > end + 4:
                raise AssertionError("answers must be read one at a time")
        end = data.index(b"\0")
        assert data[end : end + 3] == b"\0\0\0"
        return data[:end], data[end + 3]

    def ask(self, line: str) -> tuple[bytes, int]:
        self.send(line.encode() + b"\0")
        return self.answer()


@pytest.fixture
def served(tmp_path: Path) -> Iterable[Served]:
    with Served(tmp_path, "farmd") as served:
        yield served


@pytest.fixture
def client(served: Served) -> Iterable[Client]:
    client = Client(served.directory / "farmd.vty")
    yield client
    client.socket.close()


def test_lines_are_answered_with_text_and_status(client: Client) -> None:
    assert client.ask("enable") == (b"", 0)
    assert client.ask("show farm") == (b"0 barns\n", 0)
    assert client.ask("foo") == (b"% [FARM] Unknown command: foo\n", 2)
    assert client.ask("show barn 3") == (b"-1 barns\n", 1)
    assert client.ask("echo PING") == (b"PING\n", 0)


def test_several_lines_in_one_read_are_answered_in_order(client: Client) -> None:
    client.send(b"enable\0show farm\0foo\0 show farm\n\0")
    answers = [
        b"\x00\x00\x00\x00",
        b"0 barns\n\x00\x00\x00\x00",
        b"% [FARM] Unknown command: foo\n\x00\x00\x00\x02",
        b"0 barns\n\x00\x00\x00\x00",
    ]
    data = b""
    while len(data) < len(b"".join(answers)):
        data += client.socket.recv(65536)
    assert data == b"".join(answers)


def test_a_line_in_pieces(client: Client) -> None:
    for piece in (b"ena", b"ble", b"\0"):
        client.send(piece)
    assert client.answer() == (b"", 0)


def test_each_connection_has_a_node_of_its_own(served: Served, client: Client) -> None:
    for line in ("enable", "configure terminal", "barn 1"):
        assert client.ask(line) == (b"", 0)
    other = Client(served.directory / "farmd.vty")
    assert other.ask("barn 2")[1] == 2
    assert client.ask("light") == (b"", 0)
    other.socket.close()


def test_lines_from_files_have_blanks_and_newlines(client: Client) -> None:
    for line in ("enable", "configure terminal", "barn 1\n", " no light\n", "!\n"):
        assert client.ask(line) == (b"", 0)


def test_too_long_a_line(client: Client) -> None:
    client.send(b"x" * 5000 + b"\0")
    assert client.answer() == (b"% Command is too long.\n", 0)


def test_a_line_of_megabytes_gets_one_answer(served: Served, client: Client) -> None:
    client.send(b"x" * 3_000_000 + b"\0")
    assert client.answer() == (b"% Command is too long.\n", 0)
    assert client.ask("echo here") == (b"here\n", 0)


def test_who_says_no_more_is_still_answered(client: Client) -> None:
    client.send(b"echo a\0" * 3000)
    client.socket.shutdown(socket.SHUT_WR)
    data = b""
    while more := client.socket.recv(65536):
        data += more
    assert data == b"a\n\0\0\0\0" * 3000


class Taker(asyncio.Transport):
    """A transport that keeps what is written, and holds nobody back."""

    def __init__(self) -> None:
        super().__init__()
        self.data = bytearray()

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.data += data

    def is_closing(self) -> bool:
        return False

    def pause_reading(self) -> None:
        pass

    def resume_reading(self) -> None:
        pass


@pytest.mark.parametrize(
    ("line", "answer"), [(b"echo a\0", b"a\n\0\0\0\0"), (b"echo a\n", b"a\r\n")]
)
def test_many_short_lines_leave_others_a_turn(line: bytes, answer: bytes) -> None:
    async def run() -> None:
        farm = Farm()
        connection: Answering
        if line.endswith(b"\0"):
            connection = VtyConnection(Session(farm), lambda _: None, lambda *_: None)
        else:
            connection = TelnetConnection(farm, lambda _: None, password_needed=False)
        taker = Taker()
        connection.connection_made(taker)
        connection.data_received(line * 20_000)
        begun = taker.data.count(answer)
        assert 0 < begun < 20_000
        while taker.data.count(answer) < 20_000:
            await asyncio.sleep(0)
            assert taker.data.count(answer) > begun
            begun = taker.data.count(answer)

    asyncio.run(run())


def test_exit_answers_and_closes(client: Client) -> None:
    assert client.ask("exit") == (b"", 0)
    assert client.socket.recv(10) == b""


def test_mode_of_the_socket_and_its_removal(tmp_path: Path) -> None:
    path = tmp_path / "farmd.vty"
    with Served(tmp_path, "farmd"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o770
    assert not path.exists()


def test_a_stale_socket_is_replaced(tmp_path: Path) -> None:
    stale = socket.socket(socket.AF_UNIX)
    stale.bind(str(tmp_path / "farmd.vty"))
    stale.close()
    with Served(tmp_path, "farmd"):
        client = Client(tmp_path / "farmd.vty")
        assert client.ask("enable") == (b"", 0)
        client.socket.close()


def test_a_socket_in_use_is_left_alone(served: Served, client: Client) -> None:
    path = str(served.directory / "farmd.vty")
    with pytest.raises(ListenError, match="another process answers there") as caught:
        asyncio.run(VtyServer(Farm(), path).start())
    assert path in str(caught.value)
    with pytest.raises(ListenError, match="No such file or directory"):
        asyncio.run(VtyServer(Farm(), "/nonexistent/farmd.vty").start())
    assert client.ask("enable") == (b"", 0)


def test_who_connects_early_waits(tmp_path: Path) -> None:
    async def run() -> None:
        server = VtyServer(Farm(), str(tmp_path / "farmd.vty"))
        await server.start()
        reader, writer = await asyncio.open_unix_connection(server.path)
        writer.write(b"enable\0")
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(reader.read(4), 0.05)
        assert not server.connections
        await server.accept()
        assert await asyncio.wait_for(reader.readexactly(4), 5) == b"\0\0\0\0"
        writer.close()
        await writer.wait_closed()
        server.close()

    asyncio.run(run())


class Endless(Farm):
    """Answers with more text than a socket holds, and counts what was taken."""

    taken = 0

    def render(self, view: Any, as_json: bool) -> Iterable[str]:
        for number in range(20_000):
            type(self).taken = number
            yield f"{number:0100}\n"


def test_a_slow_client_holds_the_text_back(tmp_path: Path) -> None:
    with Served(tmp_path, "farmd") as served:
        Endless.taken = 0
        served.servers["farmd"].daemon = Endless()
        slow, quick = (Client(tmp_path / "farmd.vty") for _ in range(2))
        slow.send(b"show farm\0")
        assert quick.ask("enable") == (b"", 0)
        assert quick.ask("echo still here") == (b"still here\n", 0)
        assert Endless.taken < 19_000
        data = bytearray()
        while not data.endswith(b"\0\0\0\0"):
            data += slow.socket.recv(1 << 20)
        assert data.count(b"\n") == 20_000
        slow.socket.close()
        quick.socket.close()


class Failing(Farm):
    """An answer breaks in the middle."""

    def render(self, view: Any, as_json: bool) -> Iterable[str]:
        yield "one\n"
        raise ZeroDivisionError("half way")


def test_a_failing_answer_ends_properly(tmp_path: Path) -> None:
    with Served(tmp_path, "farmd") as served:
        farm = served.servers["farmd"].daemon = Failing()
        client = Client(tmp_path / "farmd.vty")
        assert client.ask("show farm") == (b"one\n% Internal error while answering\n", 1)
        assert client.ask("enable") == (b"", 0)
        assert farm.bugs == ["while answering: half way"]
        client.socket.close()


def test_a_link_speaks_the_same(served: Served) -> None:
    link = SocketLink("farmd", str(served.directory / "farmd.vty"))
    assert collect(link.run("enable")) == ("", 0)
    assert collect(link.run("show farm")) == ("0 barns\n", 0)
    assert collect(link.run("foo"))[1] == 2
    running = link.run("show farm")
    next(running)
    running.close()
    assert collect(link.run("show barn 1")) == ("-1 barns\n", 1)
    served.drop()
    with pytest.raises(LinkLostError):
        collect(link.run("show farm"))
    link.close()


@settings(max_examples=50, deadline=None)
@given(
    texts=st.lists(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))),
    status=st.integers(0, 255),
    cuts=st.lists(st.integers(1, 7), min_size=1),
)
def test_framing_survives_any_cut(texts: list[str], status: int, cuts: list[int]) -> None:
    ours, theirs = socket.socketpair()
    link = SocketLink.__new__(SocketLink)
    link.name, link.path, link._socket = "x", "x", ours
    data = "".join(texts).encode() + bytes((0, 0, 0, status))
    pieces = []
    while data:
        size = cuts[len(pieces) % len(cuts)]
        pieces.append(data[:size])
        data = data[size:]
    link._receive = lambda: pieces.pop(0)  # type: ignore[method-assign]
    assert collect(link.run("x")) == ("".join(texts), status)
    ours.close()
    theirs.close()


@asynccontextmanager
async def telnet(farm: Farm) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """A connection to a telnet server of this daemon."""
    server = TelnetServer(farm, "127.0.0.1", 0)
    await server.start()
    await server.accept()
    reader, writer = await asyncio.open_connection("127.0.0.1", server.ports[0])
    yield reader, writer
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()
    server.close()
    await asyncio.sleep(0.05)


def talk(farm: Farm, *steps: tuple[str, str]) -> None:
    """Wait for each text, then send the next keys."""

    async def run() -> None:
        async with telnet(farm) as (reader, writer):
            for expected, keys in steps:
                text = await asyncio.wait_for(reader.readuntil(expected.encode()), 5)
                assert text.decode("latin-1").endswith(expected)
                writer.write(keys.encode("latin-1"))

    asyncio.run(run())


def test_telnet_needs_a_password() -> None:
    talk(Farm(), ("Vty password is not set.\r\n", ""))


def test_telnet_talks() -> None:
    farm = Farm()
    farm.common.password = "secret"
    farm.common.enable_password = "more"
    talk(
        farm,
        ("\r\nUser Access Verification\r\n\r\n", ""),
        ("Password: ", "wrong\r\n"),
        ("\r\nPassword: ", "secret\r\n"),
        ("\r\nfarm> ", "enable\r\n"),
        ("Password: ", "more\r\n"),
        ("\r\nfarm# ", "show fa\t\r\0"),
        ("show farm \r\n0 barns\r\nfarm# ", "conf t\r\n"),
        ("farm(config)# ", "barn \xff\xfd\x011x\x7f\r\n"),
        ("farm(config-barn)# ", "stall ?"),
        ("\r\n  WORD  ", "\x1a"),
        ("farm# ", "exit\r\n"),
    )


def test_telnet_ends_after_three_wrong_passwords() -> None:
    farm = Farm()
    farm.common.password = "secret"
    talk(
        farm,
        ("Password: ", "a\r\nb\r\nc\r\n"),
        ("% Bad passwords, too many failures!\r\n", ""),
    )


def test_every_client_is_dropped_at_the_end(tmp_path: Path) -> None:
    with Served(tmp_path, "farmd"):
        client = Client(tmp_path / "farmd.vty")
        assert client.ask("enable") == (b"", 0)
    assert client.socket.recv(1) == b""
    assert not os.listdir(tmp_path)
    client.socket.close()
