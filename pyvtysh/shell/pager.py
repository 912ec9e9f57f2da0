"""Where the text of an answer goes: straight to the terminal, through a pager, or to a file."""

import contextlib
import os
import shlex
import signal
import subprocess
import sys
import tempfile
from typing import Protocol

from pyvtysh.dispatch import Vtysh
from pyvtysh.pipes.running import is_unpaged

DEFAULT_PAGER = "more"


class Output(Protocol):
    """Takes the text of one answer."""

    def write(self, text: str) -> None:
        """Take a piece."""
        ...

    def close(self) -> None:
        """All pieces are there: show them to the end. May wait for the user."""
        ...

    def abandon(self) -> None:
        """The rest will not come, and is not wanted."""
        ...


class Direct:
    """Straight to standard output."""

    def write(self, text: str) -> None:
        """Print it."""
        sys.stdout.write(text)

    def close(self) -> None:
        """Bring it out."""
        sys.stdout.flush()

    def abandon(self) -> None:
        """Bring out what there is."""
        sys.stdout.flush()


class Paged:
    """Kept in a nameless file, then shown by a pager program."""

    def __init__(self, program: str) -> None:
        self._program = shlex.split(program)
        self._file = tempfile.TemporaryFile("w+", encoding="utf-8", errors="surrogateescape")  # noqa: SIM115

    def write(self, text: str) -> None:
        """Keep it."""
        self._file.write(text)

    def close(self) -> None:
        """Run the pager over what was kept; without such a program print it."""
        self._file.seek(0)
        try:
            pager = subprocess.Popen(  # the user names it  # noqa: S603  # nosec B603
                self._program, stdin=self._file, env=_environment()
            )
        except OSError:
            self._file.seek(0)
            sys.stdout.write(self._file.read())
        else:
            # Ctrl-C is the pager's, and Ctrl-Z stops it and this shell together.
            kept = {
                signal.SIGINT: signal.signal(signal.SIGINT, signal.SIG_IGN),
                signal.SIGTSTP: signal.signal(signal.SIGTSTP, signal.SIG_DFL),
            }
            try:
                pager.wait()
            finally:
                for number, handler in kept.items():
                    signal.signal(number, handler)
        finally:
            self._file.close()

    def abandon(self) -> None:
        """Forget it."""
        self._file.close()


def _environment() -> dict[str, str]:
    """With it less shows colours, unless its user has said how it is to behave."""
    return {"LESS": "FRX", **os.environ}


class Filed:
    """Appended to a file (`output file`)."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._texts: list[str] = []

    def write(self, text: str) -> None:
        """Keep it."""
        self._texts.append(text)

    def close(self) -> None:
        """Append it all."""
        try:
            with open(self._path, "a", encoding="utf-8", errors="surrogateescape") as file:
                file.writelines(self._texts)
        except OSError as error:
            sys.stderr.write(f"vtysh: cannot write {self._path}: {error.strerror}\n")

    def abandon(self) -> None:
        """Forget it."""


def output_for(vtysh: Vtysh, line: str = "") -> Output:
    """Where the answer to a line goes: `output file`, `terminal paginate`, $VTYSH_PAGER."""
    if line.removeprefix("do ").startswith("mon"):  # it has no end that a pager could wait for
        return Direct()
    if vtysh.output_path is not None:
        return Filed(vtysh.output_path)
    found = _shown(vtysh, line)
    if not vtysh.seen.colour:
        return found
    from pyvtysh.shell.colours import Coloured  # rich, for those who ask for it

    return Coloured(found, line)


def _shown(vtysh: Vtysh, line: str) -> Output:
    program = os.environ.get("VTYSH_PAGER", "")
    wanted = bool(program) if vtysh.paginate is None else vtysh.paginate
    if not wanted or ("|" in line and is_unpaged(line)):
        return Direct()
    with contextlib.suppress(ValueError):
        return Paged(program or DEFAULT_PAGER)
    return Direct()
