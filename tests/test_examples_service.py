"""The unit file and the Containerfile: what they name exists, and what they start runs."""

import configparser
import json
import os
import re
import shlex
import shutil
from pathlib import Path

import pytest

from pyvtysh.host.options import Options, parse
from tests.pyvtysh.hosting import BIN, Place, Started
from tests.pyvtysh.notified import Notified

EXAMPLES = Path(__file__).parent.parent / "examples"
ROOT = EXAMPLES.parent


def unit() -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None, delimiters=("=",), strict=True)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string((EXAMPLES / "systemd" / "pyvtysh.service").read_text())
    return parser


def instructions() -> list[tuple[str, str]]:
    """The Containerfile's instructions with their arguments."""
    text = (EXAMPLES / "container" / "Containerfile").read_text()
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(line.split()[0], line.split(maxsplit=1)[1]) for line in lines]


def container_command() -> list[str]:
    found = dict(instructions())
    command: list[str] = json.loads(found["ENTRYPOINT"]) + json.loads(found["CMD"])
    return command


def ours(path: str) -> list[str | Path]:
    """A command line of the examples with the programs of this installation."""
    program, *words = shlex.split(path)
    return [BIN / Path(program).name, *words]


def test_the_programs_of_the_unit_exist_and_take_their_options() -> None:
    service = unit()["Service"]
    start = ours(service["ExecStart"])
    options = parse("pyvtysh", [str(word) for word in start[1:]])
    assert "processes" in options.flags
    assert options.config_dir == "/etc/frr"
    for key in ("ExecStart", "ExecReload"):
        program = service[key].split()[0]
        assert program.startswith("/opt/pyvtysh/bin/")
        assert os.access(BIN / Path(program).name, os.X_OK)
    assert service["Type"] == "notify"
    assert f"/run/{service['RuntimeDirectory']}" in os.path.realpath(Options("zebra").run_dir)


def test_what_the_containerfile_copies_and_runs_exists() -> None:
    for word, rest in instructions():
        if word == "COPY":
            for source in rest.split()[:-1]:
                assert (ROOT / source).exists(), source
        if word in ("ENTRYPOINT", "HEALTHCHECK"):
            program = json.loads(rest[rest.index("[") :])[0]
            assert os.access(BIN / program, os.X_OK), program
    command = container_command()
    assert command[0] == "pyvtysh"
    assert "processes" in parse("pyvtysh", command[1:]).flags
    packages = re.search(r"include = \[(.*)\]", (ROOT / "pyproject.toml").read_text())
    assert packages is not None
    copied = {rest.split()[0] for word, rest in instructions() if word == "COPY"}
    assert {name.strip(' "*') for name in packages[1].split(",")} <= copied


@pytest.mark.real
@pytest.mark.parametrize("form", ["unit", "container"])
def test_what_they_start_runs(tmp_path: Path, form: str) -> None:
    place = Place(tmp_path)
    shutil.copytree(EXAMPLES / "container" / "frr", place.config, dirs_exist_ok=True)
    command = ours(unit()["Service"]["ExecStart"]) if form == "unit" else container_command()
    argv = [BIN / "pyvtysh", *command[1:], *place.options("pyvtysh"), "-p", "0"]
    with Notified(tmp_path / "notify") as manager:
        env = ["env", f"NOTIFY_SOCKET={manager.address}", "WATCHDOG_USEC=60000000"]
        prefix = ["unshare", "--net", *env]
        with Started("pyvtysh", [*prefix, *argv], tmp_path / "out") as router:
            manager.wait_for("READY=1", 30)
            assert "zebra bgpd watchfrr staticd" in place.vtysh("show daemons")
            assert "network 172.30.0.0/24" in place.vtysh("show running-config")
            assert router.stop() == 0
            manager.wait_for("STOPPING=1")
            said = router.said
    assert "WATCHFRR: bgpd state -> up : it is usable\n" in said
    assert "BGP: " in said
