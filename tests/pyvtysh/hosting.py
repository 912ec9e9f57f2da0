"""Our programs as real processes in a folder of a test's own."""

import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.support.wait import until

BIN = Path(sys.executable).parent
NOBODY = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
LIMIT = 60


class Started:
    """A program in the foreground; its standard output and error are in `said`."""

    def __init__(self, program: str, argv: Sequence[str | Path], log: Path) -> None:
        self.log = log
        self.program = program
        self._argv = argv
        self.again()

    def again(self) -> None:
        """Start it (anew, with a new log)."""
        with self.log.open("w") as file:
            self.process = subprocess.Popen(
                self._argv, stdin=subprocess.DEVNULL, stdout=file, stderr=file, cwd=self.log.parent
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(5)

    @property
    def said(self) -> str:
        return self.log.read_text()

    def stop(self) -> int:
        """SIGTERM; the exit status."""
        self.process.terminate()
        return self.process.wait(LIMIT)


class Place:
    """A folder with configuration, sockets and pid files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.config = folder / "etc"
        self.run = folder / "run"
        self.config.mkdir()
        (self.config / "vtysh.conf").touch()

    def options(self, program: str) -> list[str | Path]:
        return [
            *("--config_dir", self.config, "--vty_socket", self.run),
            *("-z", self.run / "zserv.api", "-i", self.run / f"{program}.pid"),
        ]

    def argv(self, program: str, *options: str | Path) -> list[str | Path]:
        return [BIN / program, *self.options(program), *options]

    def start(self, program: str, *options: str | Path, prefix: Sequence[str] = ()) -> Started:
        """Start in the foreground and wait for the vty socket."""
        started = Started(
            program, [*prefix, *self.argv(program, *options)], self.folder / f"{program}.out"
        )
        name = "bgpd" if program == "pyvtysh" else program

        def usable() -> bool:
            if started.process.poll() is not None:
                raise RuntimeError(f"{program} ended: {started.said}")
            return self.answers(name)

        try:
            until(usable, LIMIT, f"{program} answers")
        except BaseException:
            started.__exit__(None, None, None)
            raise
        return started

    def answers(self, daemon: str) -> bool:
        """Whether somebody listens on the vty socket of a daemon."""
        with socket.socket(socket.AF_UNIX) as probe:
            probe.connect(os.fspath(self.run / f"{daemon}.vty"))
        return True

    def outcome(
        self, program: str, *options: str | Path, prefix: Sequence[str] = ()
    ) -> subprocess.CompletedProcess[str]:
        """Run a program that ends at once (a refusal, or `-d`)."""
        return subprocess.run(
            [*prefix, *self.argv(program, *options)],
            capture_output=True,
            text=True,
            timeout=LIMIT,
            cwd=self.folder,
        )

    def pid(self, program: str) -> int:
        return int((self.run / f"{program}.pid").read_text())

    def vtysh(self, *commands: str) -> str:
        """The standard output of `vtysh -c ...`, which has to succeed."""
        words = [word for command in commands for word in ("-c", command)]
        done = subprocess.run(
            [BIN / "vtysh", "--config_dir", self.config, "--vty_socket", self.run, *words],
            capture_output=True,
            text=True,
            timeout=LIMIT,
            env={**os.environ, "VTYSH_HISTFILE": "/dev/null"},
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@contextmanager
def public_place() -> Iterator[Place]:
    """A place that any user may read and write (pytest's own folders are closed to others)."""
    with tempfile.TemporaryDirectory(prefix="pv-host-") as name:
        folder = Path(name)
        folder.chmod(0o777)
        place = Place(folder)
        place.run.mkdir()
        place.run.chmod(0o777)
        yield place


def gone(pid: int) -> bool:
    """Whether a process has ended."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    # A zombie of a parent that does not look counts as ended.
    stat = Path(f"/proc/{pid}/stat")
    return not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] == "Z"
