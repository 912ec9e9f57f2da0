"""`vtysh --json-errors`: what fails is one JSON object; output of `json` lines always parses."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pyvtysh.cli import main
from tests.pyvtysh.serving import Served
from tests.support.frr import FrrRouter
from tests.support.namespaces import Lab
from tests.support.ours import OurRouter
from tests.support.router import Router

VTYSH = Path(sys.executable).parent / "vtysh"


@pytest.fixture(scope="module", params=[FrrRouter, OurRouter], ids=["frr", "ours"])
def daemons(request: pytest.FixtureRequest) -> Iterator[Router]:
    with Lab() as lab:
        made: Router = request.param(lab.namespace("pyj"))
        made.start()
        made.configure("router bgp 65001")
        yield made


class Shell:
    """`vtysh --json-errors` in this process."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def run(self, folder: Path, *words: str, exit: int) -> str:
        places = ["--vty_socket", str(folder), "--config_dir", str(folder), "-H", "/dev/null"]
        status = main(["--json-errors", *places, *words])
        written = self._capsys.readouterr()
        assert (written.err, status) == ("", exit), written
        return written.out

    def error(self, folder: Path, *words: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.run(folder, *words, exit=1))
        assert found["message"]
        return found


@pytest.fixture
def vtysh(capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(capsys)


@pytest.mark.real
def test_what_is_taken_prints_as_ever(daemons: Router, vtysh: Shell) -> None:
    for line in ("show bgp summary json", "show daemons", "show interface brief"):
        assert vtysh.run(daemons.run, "-c", line, exit=0) == daemons.show(line)
    assert "running-config  " in vtysh.run(daemons.run, "-c", "show ?", exit=0)


@pytest.mark.real
def test_a_line_that_fails_is_an_object(daemons: Router, vtysh: Shell) -> None:
    found = vtysh.error(daemons.run, "-c", "show ip bgp vrf nowhere")
    assert (found["error"], found["daemon"], found["status"]) == ("refused", "bgpd", "warning")
    assert found["line"] == "show ip bgp vrf nowhere"
    assert vtysh.error(daemons.run, "-c", "show ip bgp vrf nowhere json")["text"]
    assert vtysh.error(daemons.run, "-c", "show version json")["status"] == "no_match"
    words = (
        "-c",
        "configure terminal",
        "-c",
        "router bgp 65001",
        "-c",
        "neighbor 192.0.2.1 port 2",
    )
    found = vtysh.error(daemons.run, *words)
    assert (found["daemon"], found["line"]) == ("bgpd", "neighbor 192.0.2.1 port 2")
    if not daemons.is_ours:
        assert vtysh.error(daemons.run, "-c", "show bgp view all ipv4 vpn json")["error"] == "json"


@pytest.mark.real
def test_of_several_lines_each_is_json(daemons: Router, vtysh: Shell) -> None:
    lines = ("show interface lo json", "show nothing json", "show bgp summary json")
    words = [word for line in lines for word in ("-c", line)]
    stopped = vtysh.run(daemons.run, *words, exit=1)
    whole = vtysh.run(daemons.run, "-n", *words, exit=1)
    assert whole.startswith(stopped)
    decoder = json.JSONDecoder()
    values: list[Any] = []
    rest = whole
    while rest.strip():
        value, end = decoder.raw_decode(rest.lstrip())
        values.append(value)
        rest = rest.lstrip()[end:]
    assert [next(iter(value), "") for value in values] == ["lo", "error", ""]


@pytest.mark.real
def test_a_file_with_a_bad_line(daemons: Router, vtysh: Shell, tmp_path: Path) -> None:
    path = tmp_path / "lines"
    path.write_text("!\nrouter bgp 65001\n neighbor 192.0.2.1 port 2\n bgp nothing\nexit\n")
    found = vtysh.error(daemons.run, "-f", str(path))
    assert (found["number"], found["daemon"]) == (3, "bgpd")
    assert found["line"].strip() == "neighbor 192.0.2.1 port 2"
    assert "bgp nothing" in found["text"]
    path.write_text("router bgp 65001\n neighbor 192.0.2.1 remote-as 2\nexit\n")
    assert vtysh.run(daemons.run, "-f", str(path), exit=0) == ""
    assert vtysh.error(daemons.run, "-f", str(tmp_path / "none"))["status"] == "no_file"


@pytest.mark.real
def test_the_configuration_is_written_and_loaded(daemons: Router, vtysh: Shell) -> None:
    assert "saved" in vtysh.run(daemons.run, "-w", exit=0)
    path = daemons.run / "frr.conf"
    assert "router bgp 65001" in path.read_text()
    assert vtysh.run(daemons.run, "-b", exit=0) == ""
    path.write_text("nothing at all\n")
    found = vtysh.error(daemons.run, "-b")
    assert (found["line"], found["number"], found["daemon"]) == ("nothing at all", 1, "vtysh")


def test_a_bug_is_told_too(
    tmp_path: Path, vtysh: Shell, monkeypatch: pytest.MonkeyPatch, served: Served
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("pyvtysh.api.sync.Router.run", broken)
    assert vtysh.error(tmp_path, "-c", "show version") == {
        "error": "internal",
        "message": "ZeroDivisionError()",
    }


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with Served(tmp_path, "zebra") as served:
        yield served


def test_without_daemons_and_with_wrong_options(vtysh: Shell, tmp_path: Path) -> None:
    assert vtysh.error(tmp_path, "-c", "show version")["error"] == "connect"
    (tmp_path / "bgpd.vty").write_text("")
    found = vtysh.error(tmp_path, "-c", "show version")
    assert found["message"] == f"{tmp_path}/bgpd.vty: Connection refused"
    for words in (("--nothing",), (), ("-C",), ("-E", "-c", "show version")):
        assert vtysh.error(tmp_path, *words)["error"] == "usage"


def test_the_program_takes_the_option(tmp_path: Path) -> None:
    argv = [VTYSH, "--vty_socket", tmp_path, "-c", "show version", "--json-errors"]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=30)
    assert (done.returncode, done.stderr) == (1, "")
    assert json.loads(done.stdout)["error"] == "connect"
