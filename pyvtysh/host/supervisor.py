"""`pyvtysh --processes`: each daemon in a process of its own, watched, and restarted when it dies.

It is watchfrr and FRR's start script in one: the `daemons` file says what runs and how, frr.conf is
loaded by `vtysh -b` once all are up, and into a daemon alone when that was restarted. Daemons tell
that they are usable, and alive, by sd_notify to a socket of ours.
"""

import asyncio
import contextlib
import os
import signal
from contextlib import AsyncExitStack
from pathlib import Path

from grammar.base.errors import CommandError
from grammar.base.log import Level
from grammar.common import LogTarget
from pyvtysh.host import configuration
from pyvtysh.host.background import PidFile, limit_descriptors
from pyvtysh.host.child import Child
from pyvtysh.host.children import Children, own_program
from pyvtysh.host.commits import CommitWatch
from pyvtysh.host.daemonsfile import DaemonsFile, child_words, daemons_file
from pyvtysh.host.errors import StartError, UsageError
from pyvtysh.host.hosted import Hosted
from pyvtysh.host.log import SYSLOG, DaemonLog
from pyvtysh.host.notify import Notify
from pyvtysh.host.options import CONFIG_DIR, Options
from pyvtysh.host.signals import Ready, Signals
from pyvtysh.host.watchfrr.intervals import intervals_of
from pyvtysh.host.watchfrr.watchfrr import Intervals, State, Watchfrr

_START = 30.0
"""Seconds within which a daemon has to be usable at first."""

_LOAD = 120.0
"""Seconds that the loading of frr.conf may take."""


async def serve(options: Options, ready: Ready) -> None:
    """Run the daemons until a signal; StartError."""
    async with AsyncExitStack() as stack:
        supervisor = _Supervisor(options, stack)
        await supervisor.start()
        await supervisor.run(ready)


class _Supervisor:
    """Everything that is opened is put on `stack`, which closes it in the opposite order."""

    def __init__(self, options: Options, stack: AsyncExitStack) -> None:
        if options.memory or options.wire is not None:
            raise StartError("--memory and --wire are for the form in one process")
        if options.config_dir != CONFIG_DIR and not configuration.there(Path(options.config_dir)):
            raise StartError(f"there is no configuration folder {options.config_dir}")
        self.options = options
        self._stack = stack
        self._file: DaemonsFile = daemons_file(options.config_dir)
        self._loads = self._file.says("vtysh_enable", default=True)
        self._intervals: Intervals = intervals_of(self._file)
        self._spawner = Children()
        self._loading: set[asyncio.Task[None]] = set()
        self._children = [self._child(name) for name in self._file.wanted()]
        self._hosted = Hosted("watchfrr", options, self._watchfrr)
        self._signals = Signals([self._hosted], self._hangup)

    def _child(self, name: str) -> Child:
        try:
            words = child_words(self.options, self._file, name)
        except UsageError as error:
            raise StartError(str(error)) from None
        argv = own_program("pyvtysh.host", name, *words)
        quiet = self.options.in_background
        path = self.options.pid_path(name)
        return Child(
            name, argv, self._spawner, self._intervals, self._changed, pid_path=path, quiet=quiet
        )

    def _watchfrr(self, log: DaemonLog) -> Watchfrr:
        names = [child.name for child in self._children]
        made = Watchfrr(log, names, self._write, self._intervals, "%s, by pyvtysh itself")
        made.watched_again = self._watch
        if not self.options.log:
            # A container's or service's log is what a process writes; watchfrr -d has syslog.
            kind = "syslog" if self.options.in_background else "stdout"
            if kind == "stdout" or os.path.exists(SYSLOG):
                made.common.command_line[kind] = LogTarget(Level.INFORMATIONAL)
        return made

    async def start(self) -> None:
        """Start all daemons and load frr.conf; StartError."""
        limit_descriptors(self._file.descriptors)
        for name in ("pyvtysh", "watchfrr"):
            self._stack.callback(PidFile(self.options.pid_path(name)).close)
        self._stack.callback(self._hosted.close)
        await self._hosted.listen()
        await self._hosted.accept()
        self._hosted.starting()
        self._stack.push_async_callback(self._stop)
        self._unloaded.update(child.name for child in self._children)
        for child in self._children:
            child.start()
            await self._until_up(child)
        if self._loads and any(child.adopted for child in self._children):
            for child in self._children:
                if not (child.adopted and self._mark(child.name).holds(child.pid)):
                    await self._until_loaded(child.name)
        elif self._loads:
            await self._until_loaded()
        self._unloaded.clear()

    async def _until_loaded(self, only: str | None = None) -> None:
        """Put frr.conf in force, unless we are to end before."""
        loading = self._start_loading(only)
        if loading is None:
            return
        ends = asyncio.ensure_future(self._signals.end.wait())
        await asyncio.wait((loading, ends), return_when=asyncio.FIRST_COMPLETED)
        ends.cancel()
        if loading.done():
            loading.result()

    async def _until_up(self, child: Child) -> None:
        ends = asyncio.ensure_future(self._signals.end.wait())
        ups = asyncio.ensure_future(child.up.wait())
        dies = asyncio.ensure_future(child.died.wait())
        try:
            waits = (ends, ups, dies)
            await asyncio.wait(waits, timeout=_START, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in (ends, ups, dies):
                wait.cancel()
        if child.died.is_set():
            # Mostly it is this: only the form in one process does without the kernel.
            hint = "; without root leave out --processes" if os.geteuid() else ""
            raise StartError(f"{child.name} did not start: {child.last_end}{hint}")
        if not child.up.is_set() and not self._signals.end.is_set():
            raise StartError(f"{child.name} is not usable after {_START:.0f} seconds")

    async def run(self, ready: Ready) -> None:
        """Watch until the end."""
        for child in self._children:
            child.watch()
        watch = CommitWatch(self.options.config_dir, self._spawner, self._hosted.log.write)
        self._stack.callback(watch.close)
        await self._signals.wait(ready, self._status())

    async def _stop(self) -> None:
        """All but zebra first, as FRR's script has it."""
        for task in self._loading:
            task.cancel()
        zebra = [child for child in self._children if child.name == "zebra"]
        others = [child for child in self._children if child.name != "zebra"]
        for group in (others, zebra):
            await asyncio.gather(*(child.stop() for child in group))
        for child in self._children:
            self._mark(child.name).take()

    def _status(self) -> str:
        watched = self._hosted.component.watched.values()
        return ", ".join(f"{one.name} {one.state.value.lower()}" for one in watched)

    def _changed(self, child: Child, state: State, why: str) -> bool:
        """A daemon came up or went down; whether it is to be started again when it went."""
        watched = self._hosted.component.watched[child.name]
        watched.state = state
        down = state is not State.UP
        level, category = (Level.ERRORS, 268435457) if down else (Level.NOTIFICATIONS, 0)
        text = f"{child.name} state -> {'down' if down else 'up'} : {why}"
        self._hosted.log.write(level, text, "", category)
        Notify().status(self._status())
        if down:
            self._unloaded.add(child.name)
        elif child.restarts and not (self._loads and self._start_loading(child.name)):
            self._unloaded.discard(child.name)
        return not watched.ignored

    def _start_loading(self, only: str | None = None) -> asyncio.Task[None] | None:
        if configuration.integrated(self.options) is None:
            return None
        task = asyncio.create_task(self._load_integrated(only))
        self._loading.add(task)
        task.add_done_callback(self._loading.discard)
        return task

    async def _load_integrated(self, only: str | None = None) -> None:
        options = self.options
        words = ["--vty_socket", options.vty_dir, "--config_dir", options.config_dir, "-b"]
        argv = own_program("pyvtysh", *words, *(("-d", only) if only else ()))
        log = self._hosted.log
        names = [child.name for child in self._children if only in (None, child.name)]
        self._unloaded.update(names)
        try:
            async with asyncio.timeout(_LOAD):
                status = await self._spawner.run(argv, quiet=options.in_background)
        except TimeoutError:
            log.write(Level.ERRORS, f"vtysh -b did not end within {_LOAD:.0f} seconds")
            return
        finally:
            self._unloaded.difference_update(names)
        if status:
            log.write(Level.WARNINGS, f"vtysh -b ended with status {status}")
        for child in self._children:
            if child.name in names and child.pid:
                self._mark(child.name).put(child.pid)

    @property
    def _unloaded(self) -> set[str]:
        unloaded: set[str] = self._hosted.component.unloaded
        return unloaded

    def _mark(self, name: str) -> "_Mark":
        return _Mark(f"{self.options.pid_path(name)}.loaded")

    def _watch(self, name: str) -> None:
        for child in self._children:
            if child.name == name:
                child.watch()

    def _hangup(self) -> None:
        """SIGHUP goes to the daemons, as to those that FRR's own script started."""
        for child in self._children:
            child.signal(signal.SIGHUP)

    def _write(self) -> list[str]:
        # The shell's language, for this line only.
        from pyvtysh.host.integrated import MissingError, write

        watched = self._hosted.component.watched
        sockets = {
            child.name: self.options.vty_path(child.name)
            for child in self._children
            if child.pid or not watched[child.name].ignored
        }
        try:
            return write(sockets, self.options.config_dir)
        except MissingError as error:
            raise CommandError(f"% {error} does not answer, cannot write config.") from None


class _Mark:
    """A file that tells which process of a daemon was given its part of frr.conf.

    Who takes over from a watcher that was killed has to know: a part may have to be loaded still,
    and must not be loaded over what was typed since.
    """

    def __init__(self, path: str) -> None:
        self._path = Path(path)

    def holds(self, pid: int) -> bool:
        """Whether it is about this process."""
        try:
            return self._path.read_text() == f"{pid}\n"
        except OSError:
            return False

    def put(self, pid: int) -> None:
        """From now on it is; without a mark the part is loaded again, which does little harm."""
        with contextlib.suppress(OSError):
            self._path.write_text(f"{pid}\n")

    def take(self) -> None:
        """Remove it."""
        with contextlib.suppress(OSError):
            self._path.unlink()
