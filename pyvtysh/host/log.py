"""Log lines as FRR writes them, to the targets that the configuration and `--log` name."""

import errno
import os
import select
import socket
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from grammar.base.clock import Clock
from grammar.base.log import Level
from grammar.common import CommonConfig, LogTarget
from pyvtysh.host.errors import reason
from pyvtysh.host.live import LiveLine, LiveLog

_STDOUT = 1
_LONGEST = 4096
SYSLOG = "/dev/log"
"""Where syslog listens."""

_FACILITIES = (
    *("kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron"),
    *("authpriv", "ftp", "", "", "", ""),
    *(f"local{number}" for number in range(8)),
)


@dataclass(slots=True)
class _File:
    path: str
    fd: int
    torn: bool = False
    """The disk was full in the middle of the last line."""


class DaemonLog:
    """The log of one daemon (`grammar.base.log.Log`).

    `2026/11/22 22:14:36.123 BGP: [M59KS-A3ZXZ] text`: the fraction has the digits of `log
    timestamp precision`, the level stands before the name with `log record-priority`. Nothing is
    kept: a line that a target does not take is lost, and the target's failure is told once on
    standard error and to the other targets; when it takes lines again, how many it lost. Without
    any target, what is said is dropped, as FRR does.
    """

    def __init__(self, name: str, tag: str, clock: Clock) -> None:
        self.name = name
        self.tag = tag
        self.common = CommonConfig()
        """The daemon's configuration; put here as soon as there is one."""
        self.as_json = False
        """Lines are JSON objects, in files and everywhere but on monitors."""
        self._clock = clock
        self._files: dict[str, _File] = {}
        self._failed: dict[str, int] = {}
        """Targets that take nothing at present, and how many lines each lost."""
        self._syslog: socket.socket | None = None
        self._live: list[LiveLog] = []

    def write(self, level: Level, text: str, ident: str = "", category: int = 0) -> None:
        """One message to every target whose level admits it; never raises.

        `category` is FRR's number for the kind of error, 0 for none.
        """
        plain = text.replace("\n", " ")
        text = self._marked(plain, ident, category)
        if self._live:
            marks = len(text) - len(plain)
            self._to_live(LiveLine(self._clock.wall(), level, text, marks, ident, category))
        if self.as_json:
            text = self._object(level, plain, ident, category)
        self._to_targets(level, text)

    def note(self, level: Level, text: str) -> None:
        """One message to every target, and to no monitor: who types need not read it again."""
        text = text.replace("\n", " ")
        self._to_targets(level, self._object(level, text) if self.as_json else text)

    def _to_targets(self, level: Level, text: str, but_not: str = "") -> None:
        line = ""
        for kind, target in self._targets():
            if level > target.level or kind == but_not:
                continue
            if kind == "syslog":
                self._to_syslog(level, text)
                continue
            line = line or self._line(level, text)
            if kind == "filtered" and not any(word in line for word in self.common.log_filters):
                continue
            self._to_descriptor(kind, line)

    def follow(self) -> None:
        """Bring the open files in line with the configuration.

        All that can be opened are; OSError if one cannot, with its name.
        """
        failure: OSError | None = None
        wanted = {kind: t.path for kind, t in self._targets() if t.path is not None}
        for kind in set(self._files) - set(wanted):
            os.close(self._files.pop(kind).fd)
        for kind, path in wanted.items():
            held = self._files.get(kind)
            path = os.path.abspath(path)
            if held is not None and held.path == path:
                continue
            if held is not None:
                os.close(self._files.pop(kind).fd)
            try:
                self._files[kind] = _File(path, _open(path))
            except OSError as error:
                failure = failure or error
        self._failed.clear()
        if failure is not None:
            raise failure

    def monitor(self) -> LiveLog | None:
        """From now on every message goes to a socket as well, whatever its level."""
        try:
            live = LiveLog(self._live.remove)
        except OSError as error:
            self._complain("a monitor", error)
            return None
        self._live.append(live)
        return live

    def reopen(self) -> None:
        """Open the files again, at the same places (SIGUSR1, after they were moved away)."""
        for held in self._files.values():
            try:
                fd = _open(held.path)
            except OSError as error:
                self._complain(held.path, error)
                continue
            os.close(held.fd)
            held.fd = fd

    def close(self) -> None:
        """Close what is open."""
        for held in self._files.values():
            os.close(held.fd)
        self._files.clear()
        for live in list(self._live):
            live.close()
        if self._syslog is not None:
            self._syslog.close()
            self._syslog = None

    def _targets(self) -> Iterator[tuple[str, LogTarget]]:
        """Configured targets; what `--log` gave counts where nothing is configured."""
        common = self.common
        given = common.command_line
        for kind, target in (
            ("file", common.log_file or given.get("file")),
            ("filtered", common.log_filtered),
            ("stdout", common.log_stdout or given.get("stdout")),
            ("syslog", common.log_syslog or given.get("syslog")),
        ):
            if target is not None:
                yield kind, target

    def _object(self, level: Level, text: str, ident: str = "", category: int = 0) -> str:
        """A message as a JSON object on one line."""
        import json  # for those who ask for it

        moment = datetime.fromtimestamp(self._clock.wall(), UTC)
        told: dict[str, str | int] = {
            "time": moment.isoformat(timespec="microseconds"),
            "level": level.name.lower(),
            "daemon": self.name,
            "pid": os.getpid(),
        }
        if ident:
            told["id"] = ident
        if category:
            told["category"] = category
        short = text.encode("utf-8", "replace")[: _LONGEST // 8].decode("utf-8", "ignore")
        while len(line := json.dumps({**told, "message": short})) >= _LONGEST:
            short = short[: len(short) // 2]
        return line

    def _line(self, level: Level, text: str) -> str:
        if self.as_json:
            return text
        now = self._clock.wall()
        digits = self.common.log_precision or 0
        stamp = time.strftime("%Y/%m/%d %H:%M:%S", time.localtime(now))
        if digits:
            stamp += f".{int(now % 1 * 10**digits):0{digits}d}"
        priority = f" {level.name.lower()}:" if self.common.log_record_priority else ""
        return f"{stamp}{priority} {self.tag}: {text}"

    def _marked(self, text: str, ident: str, category: int) -> str:
        common = self.common
        marks = f"[{ident}]" if ident and common.log_unique_id is not False else ""
        if category and common.log_error_category is not False:
            marks += f"[EC {category}]"
        return f"{marks} {text}" if marks else text

    def _to_live(self, line: LiveLine) -> None:
        for live in list(self._live):
            live.write(replace(line, lost=live.lost).packed())

    def _to_descriptor(self, kind: str, line: str) -> None:
        held = self._files.get(kind)
        fd = _STDOUT if kind == "stdout" else held.fd if held is not None else -1
        if fd < 0:
            return
        data = line.encode("utf-8", "surrogateescape")[: _LONGEST - 1] + b"\n"
        name = held.path if held is not None else "standard output"
        try:
            if kind == "stdout" and not _takes(fd):
                raise BlockingIOError(0, "its reader does not read")
            if held is not None and held.torn:
                data = b"\n" + data
            written = os.write(fd, data)
            if held is not None:
                held.torn = written < len(data)
            if written < len(data):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        except OSError as error:
            self._complain(name, error, kind)
        else:
            self._recovered(name)

    def _to_syslog(self, level: Level, text: str) -> None:
        facility = _FACILITIES.index(self.common.log_facility or "daemon") << 3
        stamp = time.strftime("%b %e %H:%M:%S", time.localtime(self._clock.wall()))
        line = f"<{facility | level}>{stamp} {self.name}[{os.getpid()}]: {text}"
        try:
            if self._syslog is None:
                self._syslog = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
                self._syslog.setblocking(False)
                self._syslog.connect(SYSLOG)
            self._syslog.send(line.encode("utf-8", "surrogateescape")[:_LONGEST])
        except OSError as error:
            if self._syslog is not None:
                self._syslog.close()
                self._syslog = None
            self._complain("syslog", error, "syslog")
        else:
            self._recovered("syslog")

    def _complain(self, target: str, error: OSError, kind: str = "") -> None:
        """Once, on standard error and to the targets that are left; then lost lines are counted."""
        if target in self._failed:
            self._failed[target] += 1
            return
        self._failed[target] = 1
        text = f"cannot log to {target}: {reason(error)}"
        warn(f"{self.name}: {text}")
        if kind:
            self._to_targets(Level.ERRORS, text, kind)

    def _recovered(self, target: str) -> None:
        lost = self._failed.pop(target, 0)
        if lost:
            self._to_targets(Level.WARNINGS, f"{lost} lines to {target} were lost")


def _open(path: str) -> int:
    return os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o640)


def _takes(fd: int) -> bool:
    """Whether a write to a pipe or terminal would not wait (plain files always take)."""
    poll = select.poll()
    poll.register(fd, select.POLLOUT)
    return bool(poll.poll(0))


def early_line(tag: str, text: str, ident: str, category: int) -> str:
    """A line as FRR writes it to standard error before there are any targets."""
    stamp = time.strftime("%Y/%m/%d %H:%M:%S")
    marks = (f"[{ident}]" if ident else "") + (f"[EC {category}]" if category else "")
    return f"{stamp} {f'{tag}: ' if tag else ''}{f'{marks} ' if marks else ''}{text}"


def warn(text: str) -> None:
    """A line on standard error; lost if there is none."""
    try:
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()
    except (OSError, ValueError):
        pass
