"""The component Watchfrr: the state of the watched daemons, for its vty."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any

from grammar.base.log import Level, Log
from grammar.command import Change
from grammar.common import CommonConfig
from grammar.declared import Language


class State(Enum):
    """What is known of a daemon, in FRR's words."""

    INIT = "Init"
    DOWN = "Down"
    UP = "Up"
    UNRESPONSIVE = "Unresponsive"


@dataclass(slots=True)
class Watched:
    """A daemon under watch; `ignored` ones are not restarted."""

    name: str
    state: State = State.INIT
    ignored: bool = False


@dataclass(frozen=True, slots=True)
class Intervals:
    """Seconds: between restarts of one daemon at least and at most, for the end of one, and until
    a silent one counts as dead."""

    least: float = 60
    most: float = 600
    stop: float = 20
    silent: float = 90


class Watchfrr:
    """watchfrr as vtysh sees it; `write` yields the text of a written configuration."""

    name = "watchfrr"

    def __init__(
        self,
        log: Log,
        names: Iterable[str],
        write: Callable[[], Iterable[str]],
        intervals: Intervals | None = None,
        restarts: str = "none: all daemons are one process",
    ) -> None:
        """`restarts` is what is told as the command that restarts a daemon."""
        self.log = log
        self.common = CommonConfig()
        self.watched = {name: Watched(name) for name in names}
        self.intervals = intervals or Intervals()
        self.watched_again: Callable[[str], object] = lambda name: None
        """Hears of a daemon that is no longer ignored."""
        self.unloaded: set[str] = set()
        """The daemons that have not been given their part of frr.conf yet."""
        self._write = write
        self._restarts = restarts

    def loading(self) -> list[str]:
        """The daemons, of those that are not ignored, that wait for their part of frr.conf: what
        they hold is not the configuration, which a `write` would lose."""
        return [
            one.name
            for one in self.watched.values()
            if one.name in self.unloaded and not one.ignored
        ]

    @property
    def language(self) -> Language:
        """The commands it understands."""
        from pyvtysh.host.watchfrr.commands import LANGUAGE

        return LANGUAGE

    @property
    def all_up(self) -> bool:
        """Whether every daemon that is not ignored is up."""
        return all(one.ignored or one.state is State.UP for one in self.watched.values())

    def start(self) -> None:
        """Nothing runs in it."""

    def stop(self) -> None:
        """Nothing runs in it."""

    def react(self, changes: list[Change]) -> None:
        """Its commands have no effects."""

    def render(self, view: Any, as_json: bool) -> Iterable[str]:
        """It has no views."""
        raise TypeError(f"no text for {type(view).__name__}")

    def bug(self, where: str, error: Exception) -> None:
        """Log an unexpected exception."""
        self.log.write(Level.ERRORS, f"internal error at {where}: {error!r}")

    def write_integrated(self) -> Iterable[str]:
        """Write frr.conf; what there is to say of it."""
        return self._write()

    def state_lines(self) -> Iterator[str]:
        """The lines of `show watchfrr`."""
        yield "watchfrr global phase: Idle\n"
        for what in ("Restart", "Start", "Stop"):
            yield f' {what} Command: "{self._restarts}"\n'
        intervals = self.intervals
        yield f" Min Restart Interval: {intervals.least:.0f}\n"
        yield f" Max Restart Interval: {intervals.most:.0f}\n"
        yield f" Restart Timeout: {intervals.stop:.0f}\n"
        for one in self.watched.values():
            ignored = "/Ignoring Timeout" if one.ignored else ""
            yield f"  {one.name:<20} {one.state.value}{ignored}\n"
