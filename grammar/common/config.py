"""The configuration that every daemon has, and the process that carries it out."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from grammar.base.ledger import Ledger
from grammar.base.log import Level, Monitor
from grammar.base.release import VERSION as VERSION

if TYPE_CHECKING:
    from grammar.audit import Audit
    from grammar.base.vitals import Vitals


@dataclass(frozen=True, slots=True)
class LogTarget:
    """Where log lines go and down to which level; `path` only for files."""

    level: Level = Level.DEBUGGING
    path: str | None = None


@dataclass(slots=True, eq=False)
class ExtendedLog:
    """One target: `destination` as it prints, `structured` what differs from the defaults."""

    name: str
    destination: str | None = None
    level: str | None = None
    facility: str | None = None
    structured: dict[str, bool] = field(default_factory=dict)
    precision: int | None = None
    local_time: bool = False


class Process(Protocol):
    """The process a daemon lives in, as far as its commands need it."""

    def log_changed(self) -> None:
        """Bring log targets in line with the configuration; OSError if a file cannot be opened."""
        ...

    def log(self, level: Level, text: str) -> None:
        """Write one message to the log (`logmsg`)."""
        ...

    def monitor(self) -> Monitor | None:
        """Begin to write each log line to a descriptor (`terminal monitor`); None if none is to
        be had."""
        ...

    def report(self, topic: str) -> Iterable[str]:
        """Text on a topic that only the process knows: `memory`, `modules`, `who`, ..."""
        ...

    def save(self, lines: Iterable[str]) -> str:
        """Write the daemon's own file; its path. OSError; FileNotFoundError if it has none."""
        ...

    def saved(self) -> Iterable[str]:
        """The lines of the daemon's own file; nothing without one."""
        ...

    def vitals(self) -> "Vitals":
        """How the process is doing."""
        ...


class NoProcess:
    """A daemon on its own, as in tests: nothing to log to and no files."""

    def log_changed(self) -> None:
        """Nothing to do."""

    def log(self, level: Level, text: str) -> None:
        """Dropped."""

    def monitor(self) -> Monitor | None:
        """Nothing is logged."""
        return None

    def report(self, topic: str) -> Iterable[str]:
        """Nothing is known."""
        return ()

    def save(self, lines: Iterable[str]) -> str:
        """There is no file."""
        raise FileNotFoundError

    def saved(self) -> Iterable[str]:
        """There is no file."""
        return ()

    def vitals(self) -> "Vitals":
        """Nothing is known."""
        from grammar.base.vitals import Vitals  # for those who ask

        return Vitals()


def _audit() -> "Audit":
    from grammar.audit import Audit  # a shell has none

    return Audit()


@dataclass(slots=True, eq=False)
class CommonConfig:
    """The shared lines of one daemon; None means not configured.

    `hostname` starts as the system's, which is printed as if it were configured. `command_line`
    are the log targets that `--log` gave; `log_commands_always` is `--command-log-always`.
    `timer_warnings` are None or milliseconds by FRR's command name (`cputime-warning`), 0 for
    switched off.
    """

    hostname: str | None = None
    domainname: str | None = None
    profile: str = "traditional"
    version: str = VERSION
    allow_reserved_ranges: bool | None = None
    cputime_stats: bool | None = None
    cputime_warning: int | None = None
    walltime_warning: int | None = None
    password: str | None = None
    enable_password: str | None = None
    encrypt: bool | None = None
    log_stdout: LogTarget | None = None
    log_file: LogTarget | None = None
    log_filtered: LogTarget | None = None
    log_syslog: LogTarget | None = None
    log_facility: str | None = None
    log_record_priority: bool | None = None
    log_precision: int | None = None
    log_error_category: bool | None = None
    log_unique_id: bool | None = None
    log_immediate: bool | None = None
    log_commands: bool | None = None
    log_commands_always: bool = False
    log_filters: dict[str, None] = field(default_factory=dict)
    log_extended: dict[str, ExtendedLog] = field(default_factory=dict)
    advanced_vty: bool | None = None
    terminal_length: int | None = None
    banner: str | None = None
    banner_path: str | None = None
    debug_memstats: bool | None = None
    debug_vrf: bool | None = None
    debug_northbound: set[str] = field(default_factory=set)
    exec_timeout: tuple[int, int] | None = None
    login: bool | None = None
    access_class: str | None = None
    ipv6_access_class: str | None = None
    command_line: dict[str, LogTarget] = field(default_factory=dict)
    system_hostname: str = ""
    kernel_release: str = ""
    process: Process = field(default_factory=NoProcess)
    ledger: Ledger = field(default_factory=Ledger)
    audit: "Audit" = field(default_factory=_audit)
