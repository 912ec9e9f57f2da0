"""The configuration files that daemons read when they start.

Each reads its own file, unless there is a `frr.conf`, which is vtysh's to load. The lines take
effect together, at the end. A bad line is told with file, line and reason; the good ones count.
"""

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from grammar.base.errors import Status
from grammar.base.log import Level
from grammar.node import CONFIG
from grammar.session import Daemon, Session
from pyvtysh.host.errors import StartError, reason
from pyvtysh.host.log import DaemonLog
from pyvtysh.host.options import Options

_REASONS = {
    Status.NO_MATCH: "unknown command",
    Status.AMBIGUOUS: "ambiguous command",
    Status.INCOMPLETE: "command incomplete",
}
_LOGGED = {
    Status.NO_MATCH: "No such command",
    Status.AMBIGUOUS: "Ambiguous command",
    Status.INCOMPLETE: "No such command",  # FRR goes on to the parent nodes, which know nothing
}
_TAKEN = (Status.SUCCESS, Status.WARNING, Status.SUCCESS_DAEMON)
_PATIENCE = 3.0
_SHOWN = 500
"""Characters of a bad line that are shown."""

Elsewhere = Callable[[str], bool]
"""Gives a line to another daemon; True if that took it."""


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that was not taken: `line` as it stands in the file, and why in a few words."""

    path: Path
    number: int
    line: str
    status: Status
    why: str

    def __str__(self) -> str:
        line = self.line.strip()
        shown = line if len(line) <= _SHOWN else f"{line[:_SHOWN]}..."
        return f"{self.path}, line {self.number}: {self.why}: {shown}"

    def log(self, log: DaemonLog) -> None:
        """Log it, as FRR words it where FRR says anything."""
        says = _LOGGED.get(self.status)
        where = f"on config line {self.number}"
        if says is not None:
            log.write(Level.ERRORS, f"{says} {where}: {self.line}", "SHWNK-NWT5S", 100663304)
        else:
            log.write(Level.ERRORS, f"Command refused {where}: {self.line} ({self.why})")


def bad_line(path: Path, number: int, line: str, status: int, answer: str) -> BadLine:
    """The report on a line, from what a daemon answered to it."""
    text = " ".join(answer.split()).removeprefix("% ")
    why = _REASONS.get(Status(status)) or text or f"refused with status {status}"
    return BadLine(path, number, line, Status(status), why)


def integrated(options: Options) -> Path | None:
    """The file of all daemons, None without one; StartError."""
    path = Path(options.config_dir, "frr.conf")
    return path if there(path) else None


def find(options: Options, daemon: str) -> Path | None:
    """The file that the daemon is to read now, None for none; StartError if it is unreadable."""
    own = options.own_config(daemon)
    named = options.config_file is not None and options.program == daemon
    if not named and integrated(options) is not None:
        return None
    for path in (own, own.with_name("zebra.conf")) if daemon == "staticd" else (own,):
        if there(path):
            return path
    return None


def log_missing(log: DaemonLog, path: Path, options: Options) -> None:
    """Log, as FRR words it, that there is no such file to read; staticd looks at zebra's too."""
    _log_missing(log, path)
    if log.name == "staticd":
        backup = Path(options.config_dir, "zebra.conf")
        text = f"Attempting to read backup config file: {backup} specified"
        log.write(Level.INFORMATIONAL, text, "RYPX2-B8B3D")
        _log_missing(log, backup)


def _log_missing(log: DaemonLog, path: Path) -> None:
    text = f"vty_read_config: failed to open configuration file {path}: No such file or directory"
    log.write(Level.WARNINGS, f"{text}, checking backup", "RQT05-4D0H5", 100663319)
    text = f"vty_read_config: can't open configuration file [{path}]"
    log.write(Level.ERRORS, text, "VDWX6-W8CNF", 100663304)


def there(path: Path) -> bool:
    """Whether a file exists; StartError when we may not even look."""
    try:
        return path.exists()
    except OSError as error:
        where = "--config_dir names another folder"
        raise StartError(f"cannot read {path}: {reason(error)} ({where})") from None


def read(path: Path) -> list[str]:
    """The lines of a file without their newlines; StartError."""
    try:
        text = path.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError as error:
        raise StartError(f"cannot read {path}: {reason(error)}") from None
    return text.split("\n")


def load(
    daemon: Daemon, path: Path, lines: Iterable[str], elsewhere: Elsewhere | None = None
) -> list[BadLine]:
    """Run the lines of a file in a daemon; effects come at the end. The lines it did not take."""
    session = Session(daemon)
    session.go(CONFIG)
    session.loading = True
    bad = []
    for number, line in enumerate(lines, 1):
        if line.strip() == "end":
            continue
        reply = session.execute(line)
        text = "".join(reply.output)
        session.closed = False
        if not session.node.is_config:
            session.go(CONFIG)
        if reply.status in _TAKEN:
            continue
        if reply.status == Status.NO_MATCH and elsewhere is not None and elsewhere(line.strip()):
            continue
        bad.append(bad_line(path, number, line, reply.status, text))
    session.loading = False
    session.flush()
    return bad


def other_daemon(daemon: Daemon) -> tuple[Elsewhere, Callable[[], None]]:
    """A daemon of the same process as taker of lines, and what makes them take effect."""
    session = Session(daemon)
    session.loading = True

    def take(line: str) -> bool:
        session.go(CONFIG)
        reply = session.execute(line)
        for _ in reply.output:
            pass
        return reply.status in _TAKEN

    return take, session.flush


async def hand_over(bad: Iterable[BadLine], socket: str) -> list[BadLine]:
    """Give unknown `debug` lines to the daemon that answers at a vty socket; those left over."""
    left = list(bad)
    wanted = [b for b in left if b.status == Status.NO_MATCH and "debug" in b.line.split()[:2]]
    if not wanted:
        return left
    with suppress(OSError, asyncio.TimeoutError, asyncio.IncompleteReadError):
        async with asyncio.timeout(_PATIENCE):
            taken = await _give(wanted, socket)
        return [b for b in left if b not in taken]
    return left


async def _give(wanted: list[BadLine], socket: str) -> list[BadLine]:
    reader, writer = await asyncio.open_unix_connection(socket)
    try:
        for line in ("enable", "configure terminal"):
            await _ask(reader, writer, line)
        return [b for b in wanted if await _ask(reader, writer, b.line.strip()) in _TAKEN]
    finally:
        writer.close()


async def _ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, line: str) -> int:
    writer.write(line.encode("utf-8", "surrogateescape") + b"\0")
    await reader.readuntil(b"\0\0\0")
    return (await reader.readexactly(1))[0]
