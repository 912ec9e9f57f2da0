"""`vtysh -c` by the short way is as by `pyvtysh.cli`: output, status, what daemons see."""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from pyvtysh.oneshot import NotPlainError, parse
from tests.support.wait import until

ROOT = Path(__file__).resolve().parents[2]
GENERAL = "import sys; from pyvtysh.cli import main; sys.exit(main())"
SHORT = """
import sys
from pyvtysh.oneshot import main
status = main()
sys.exit(99 if "pyvtysh.cli" in sys.modules else status)
"""
EITHER = "import sys; from pyvtysh.oneshot import main; sys.exit(main())"
PATH = {b"_socket", b"pyvtysh", b"pyvtysh.history", b"pyvtysh.oneshot", b"pyvtysh.table"}
"""All that an exec line may import, besides what the interpreter starts with."""

DONE = b"\0\0\0\0"
CONFIG = (
    b"frr version 8.4.4\nhostname x\n!\nrouter bgp 65001\n neighbor 10.0.0.2 remote-as 1\nexit\n!\n"
)
ANSWERS: dict[str, list[bytes]] = {
    "show bgp summary": [b"one\n", b"tw", b"o\n", b"\0", b"\0\0", b"\0"],
    "sh ip bgp su": [b"Caf\xc3\xa9 \xff\xfe\n" + DONE],
    "show ip route": [b"route\n" * 20000, DONE],
    "show bgp neighbors": [b"% no\n\0\0\0\1"],
    "show bgp memory": [b"\0\0\0\x0d"],
    "show interface": [b"half an ans"],
    "do write terminal": [CONFIG, DONE],
    "router bgp 65002": [b"% BGP is already running; AS is 65001\n\0\0\0\x0d"],
    "configure": [b"here\n\0\0\0\2"],
    "exit": [b"left\n\0\0\0\1"],
}


class Recorder:
    """Daemons that answer from `ANSWERS` and write down what they are asked, in order."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.heard: list[tuple[str, str]] = []
        self.open = 0
        self._listeners: list[socket.socket] = []
        self._lock = threading.Lock()

    def listen(self, *names: str) -> None:
        self.directory.mkdir(exist_ok=True)
        for name in names:
            listener = socket.socket(socket.AF_UNIX)
            listener.bind(str(self.directory / f"{name}.vty"))
            listener.listen()
            self._listeners.append(listener)
            threading.Thread(target=self._accept, args=(name, listener), daemon=True).start()

    def _accept(self, name: str, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            with self._lock:
                self.open += 1
            threading.Thread(target=self._serve, args=(name, client), daemon=True).start()

    def _serve(self, name: str, client: socket.socket) -> None:
        buffer = b""
        with client:
            while data := _received(client):
                *lines, buffer = (buffer + data).split(b"\0")
                for line in lines:
                    text = line.decode("utf-8", "surrogateescape")
                    with self._lock:
                        self.heard.append((name, text))
                    answer = ANSWERS.get(text, [DONE])
                    if not _sent(client, answer) or b"\0" not in answer[-1]:
                        client.close()
                        break
        with self._lock:
            self.open -= 1

    def close(self) -> None:
        for listener in self._listeners:
            listener.shutdown(socket.SHUT_RDWR)
            listener.close()


def _received(client: socket.socket) -> bytes:
    try:
        return client.recv(65536)
    except OSError:
        return b""


def _sent(client: socket.socket, answer: list[bytes]) -> bool:
    try:
        for chunk in answer:
            client.sendall(chunk)
    except OSError:
        return False
    return True


@dataclass(frozen=True)
class Outcome:
    """All that a run of vtysh does."""

    out: bytes
    err: bytes
    status: int
    heard: list[tuple[str, str]]
    history: bytes


@pytest.fixture(scope="module")
def recorder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Recorder]:
    recorder = Recorder(tmp_path_factory.mktemp("run"))
    recorder.listen("zebra", "bgpd", "watchfrr")
    yield recorder
    recorder.close()


Run = Callable[..., Outcome]


@pytest.fixture
def run(recorder: Recorder, tmp_path: Path) -> Run:
    def run(program: str, *words: str, conf: str | None = "", **options: object) -> Outcome:
        recorder.heard.clear()
        history = tmp_path / "history"
        history.write_text("show before\n")
        (tmp_path / "vtysh.conf").unlink(missing_ok=True)
        if conf is not None:
            (tmp_path / "vtysh.conf").write_text(conf)
        places = ["--vty_socket", str(recorder.directory), "--config_dir", str(tmp_path)]
        argv = [sys.executable, "-c", program, *places, *words]
        env = {**os.environ, "VTYSH_HISTFILE": str(history)}
        stdout = options.get("stdout", subprocess.PIPE)
        done = subprocess.run(
            argv, cwd=ROOT, env=env, stdout=stdout, stderr=subprocess.PIPE, timeout=20
        )
        until(lambda: recorder.open == 0, 5, "the daemons to see the end")
        heard = list(recorder.heard)
        return Outcome(
            done.stdout or b"", done.stderr, done.returncode, heard, history.read_bytes()
        )

    return run


PLAIN = [
    pytest.param(["-c", "show bgp summary"], id="chunks"),
    pytest.param(["--command=sh ip bgp su", "--command", "  show  ip route "], id="two lines"),
    pytest.param(["-c", "show bgp neighbors\nshow bgp summary"], id="warning"),
    pytest.param(["-c", "show bgp memory", "-c", "show bgp summary"], id="refusal"),
    pytest.param(["-c", "show interface", "-c", "show interface"], id="lost"),
    pytest.param(["-c", "show ip route static", "-c", "debug static events"], id="absent"),
    pytest.param(["-d", "bgpd", "-c", "show ip route"], id="not running"),
    pytest.param(["-c", "show version", "-c", "show daemons", "-c", "show ver"], id="own"),
    pytest.param(["-c", "show running-config", "-c", "sh run no-header"], id="running"),
    pytest.param(["-c", "write terminal bgpd", "-c", "show running-config pimd"], id="one's"),
    pytest.param(["-c", "conf t\nrouter bgp 1\n neighbor x activate\nexit\nend"], id="chain"),
    pytest.param(["-c", "conf t\nno router bgp\nrouter bgp 65002\nexit"], id="refused"),
    pytest.param(["-c", "conf t\nrouter bgp 1\nip route 10.0.0.0/8 reject"], id="above"),
    pytest.param(["-c", "configure\nend"], id="not understood"),
    pytest.param(["-c", "conf t\nrouter bgp 1\n no neighbor 10.0.0.1 route-map x"], id="cut"),
    pytest.param(["-c", "conf t\nrouter bgp 1\nn 10.0.0.1\nexit"], id="ambiguous"),
    pytest.param(["-c", "conf t\nrouter bgp 1\nip route 10.0.0.0/8"], id="cut above"),
    pytest.param(["-c", "conf t\nrouter bgp 1", "-c", "  ", "-c", " ! x"], id="nothing"),
    pytest.param(["-c", "conf t\n do show ip route\ninterface x\nexit\nexit"], id="do"),
    pytest.param(["-c", "debug northbound", "-c", "no debug northbound"], id="all"),
]


@pytest.mark.parametrize("words", PLAIN)
def test_plain_lines_are_run_as_by_the_general_way(run: Run, words: list[str]) -> None:
    expected = run(GENERAL, *words)
    assert run(SHORT, *words) == expected


@pytest.mark.parametrize("text", ["router rip\nrouter bgp 1\n\n", "foo\n", "no password", None])
def test_files_are_marked(run: Run, tmp_path: Path, text: str | None) -> None:
    path = tmp_path / "lines"
    if text is not None:
        path.write_text(text)
    for conf in ("", None):
        expected = run(GENERAL, "-m", "-f", str(path), conf=conf)
        assert expected.heard == []
        assert run(SHORT, "-m", "-f", str(path), conf=conf) == expected


@pytest.mark.parametrize(
    "conf",
    [
        None,
        "! remark\n\nhostname r1\nusername root nopassword\nservice integrated-vtysh-config\n",
    ],
)
def test_vtysh_conf_is_read(run: Run, conf: str | None) -> None:
    words = ["-c", "show version", "-c", "show running-config"]
    expected = run(GENERAL, *words, conf=conf)
    assert run(SHORT, *words, conf=conf) == expected


@pytest.mark.parametrize(
    "words",
    [
        ["-c", "configure terminal", "-c", "hostname x"],
        ["-c", "conf t", "-c", "router ospf", "-c", "ip route 10.0.0.0/8 blackhole"],
        ["-c", "show bgp summary | include t"],
        ["-c", "show bgp sum?"],
        ["-c", "foo"],
        ["-c", "show"],
        ["-c", ""],
        ["-c", "do show bgp summary"],
        ["-E", "-c", "show bgp summary"],
        ["-u", "-c", "show bgp summary"],
        ["-d", "nosuch", "-c", "show bgp summary"],
        ["-c"],
        ["--vty_socket", "/nonexistent", "-c", "show bgp summary"],
    ],
)
def test_the_rest_is_left_to_the_general_way(run: Run, words: list[str]) -> None:
    expected = run(GENERAL, *words)
    assert run(EITHER, *words) == expected


def test_other_lines_of_vtysh_conf_are_left_to_it_too(run: Run) -> None:
    words, conf = ["-c", "show bgp summary"], "hostname a b\nno service integrated-vtysh-config\n"
    assert run(EITHER, *words, conf=conf) == run(GENERAL, *words, conf=conf)


def test_an_output_that_nobody_takes(run: Run) -> None:
    words = ["-c", "show ip route"]
    with open("/dev/full", "w") as full:
        expected = run(GENERAL, *words, stdout=full)
        found = run(SHORT, *words, stdout=full)
    assert found.err == b"vtysh: cannot write the answer: No space left on device\n"
    assert found.err == expected.err
    assert (found.status, expected.status) == (1, 1)


def test_options() -> None:
    given = parse(["-N", "a", "--vty_socket=/x", "-c", "b\nc", "-H", "h", "-d", "bgpd"])
    assert given["line"] == ["b", "c"]
    assert (given["pathspace"], given["sockets"], given["daemon"]) == (["a"], ["/x"], ["bgpd"])
    for words in ([], ["-c"], ["-cx"], ["x"], ["-c", "x", "-b"], ["-N", "a/b", "-c", "x"]):
        with pytest.raises(NotPlainError):
            parse(words)


def test_nothing_is_imported_on_the_short_way(run: Run) -> None:
    program = """
import sys
before = set(sys.modules)
from pyvtysh.oneshot import main
main()
sys.stderr.write(" ".join(sorted(set(sys.modules) - before)))
"""
    done = run(program, "-c", "show bgp summary", "-c", "show daemons")
    assert set(done.err.split()) == PATH
    done = run(program, "-c", "show running-config")
    assert set(done.err.split()) == {*PATH, b"grammar", b"grammar.merging"}


def test_the_installed_program_is_the_short_one() -> None:
    installed = Path(sys.executable).parent / "vtysh"
    ours = ROOT / "pyvtysh" / "scripts" / "vtysh"
    assert installed.read_text().splitlines()[1:] == ours.read_text().splitlines()[1:]
