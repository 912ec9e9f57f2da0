"""docs/drop-in.md: each of its blocks is run on a machine of its own, and says what the page shows.

A machine is a mount, process and network namespace with an empty /etc/frr and /run and an interface
virbr0; all that runs in it ends with it. Commands are the lines behind `# `; what stands below one
is what it prints, where `...` is anything, and a line of it alone any lines.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import pytest

from tests.support.wait import until

pytestmark = pytest.mark.real

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent
PAGE = (ROOT / "docs" / "drop-in.md").read_text()
BLOCK = re.compile(r"^```(?P<info>[^\n]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
MACHINE = """\
set -e
mount -t tmpfs tmpfs /run
mount -t tmpfs tmpfs /etc/frr
mkdir /run/frr
touch /etc/frr/vtysh.conf
if id frr > /dev/null 2>&1; then chown -R frr:frr /etc/frr /run/frr; fi
ip link set lo up
ip link add virbr0 type veth peer name port
ip link set virbr0 up
ip link set port up
ip address add 192.168.122.1/24 dev virbr0
echo ready
exec sleep infinity
"""


@dataclass
class Step:
    """A command and what it is to print."""

    command: str
    says: list[str] = field(default_factory=list)

    def fits(self, output: str) -> bool:
        pattern = "".join(
            r"(?:.*\n)*" if line == "..." else ".*".join(map(re.escape, line.split("..."))) + r"\n"
            for line in self.says
        )
        return not self.says or re.fullmatch(pattern, output) is not None


@dataclass
class Scene:
    """The files that are shown ahead of a block of commands, and the commands."""

    section: str
    files: dict[str, str]
    steps: list[Step]


def scenes(page: str) -> Iterator[Scene]:
    for part in page.split("\n## ")[1:]:
        files: dict[str, str] = {}
        for block in BLOCK.finditer(part):
            words, body = block["info"].split(), block["body"]
            if words and words[-1].startswith("/"):
                files[words[-1]] = body
            elif words == ["console"]:
                yield Scene(part.split("\n")[0], files, list(steps(body)))


def steps(body: str) -> Iterator[Step]:
    for text in body.removeprefix("# ").removesuffix("\n").split("\n# "):
        command, *says = text.split("\n")
        yield Step(command, says)


class Machine:
    """Its processes have numbers of their own: with the first one all of them end."""

    def __init__(self) -> None:
        kinds = ("--mount", "--pid", "--net", "--uts", "--fork", "--mount-proc", "--kill-child")
        self._holder = subprocess.Popen(
            ["unshare", *kinds, "sh", "-c", MACHINE],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def __enter__(self) -> Self:
        assert self._holder.stdout is not None
        assert self._holder.stdout.readline() == "ready\n"
        pid = self._holder.pid
        self._first = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0]
        return self

    def __exit__(self, *error: object) -> None:
        os.kill(int(self._first), signal.SIGKILL)
        self._holder.wait()
        assert self._holder.stdout is not None
        self._holder.stdout.close()

    def run(self, command: str) -> tuple[int, str]:
        """Run a line of shell; its exit status and what it printed."""
        enter = ["nsenter", "-t", self._first, "--mount", "--pid", "--net", "--uts"]
        done = subprocess.run(
            [*enter, "sh", "-c", command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}"},
            text=True,
            timeout=30,
        )
        return done.returncode, done.stdout

    def play(self, scene: Scene) -> None:
        for path, text in scene.files.items():
            assert path.startswith("/etc/frr/")
            assert self.run(f"cat > {path} << 'END-OF-IT'\n{text}END-OF-IT")[0] == 0
        for step in scene.steps:
            if not step.says:
                status, output = self.run(step.command)
                assert status == 0, f"{step.command}: {status}\n{output}"
                continue
            shown = ('vtysh -c "show', "ip route", "gobgp ")
            patience = 15.0 if step.command.startswith(shown) else 0.0

            def agrees(step: Step = step) -> bool:
                status, output = self.run(step.command)
                said = f"{step.command}: {status}\n{output}"
                assert status == 0, said
                assert step.fits(output), said
                return True

            until(agrees, patience, f"what docs/drop-in.md shows, {scene.section}")


def play(scene: Scene) -> None:
    with Machine() as machine:
        machine.play(scene)


SCENES = list(scenes(PAGE))


def test_the_page_is_understood() -> None:
    assert len(SCENES) == 6
    assert all(scene.steps for scene in SCENES)
    assert len(SCENES[-1].files) == 2
    assert Step("x", ["a ... b", "...", "c"]).fits("a 1 b\nc\n")
    assert Step("x", ["a ... b", "...", "c"]).fits("a 1 b\n2\n3\nc\n")
    assert not Step("x", ["a ... b"]).fits("a 1 b\n2\n")


def test_what_the_page_shows_is_so() -> None:
    if not shutil.which("/usr/lib/frr/frr-reload.py"):
        pytest.fail("needs frr-reload.py (Debian's frr-pythontools)")
    with ThreadPoolExecutor(len(SCENES)) as pool:
        for done in [pool.submit(play, scene) for scene in SCENES]:
            done.result()
