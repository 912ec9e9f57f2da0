"""`vtysh`: lines from the command line, a file, standard input or a terminal, to the daemons.

Everything but the terminal is served with the standard library alone, and asyncio stays out of it:
programs call `vtysh -c` often and wait for it.
"""

import contextlib
import gc
import io
import os
import stat
import sys
import time
from collections.abc import Callable, Iterator
from types import FrameType
from typing import NoReturn

from grammar.base.errors import Status
from grammar.common.config import VERSION
from grammar.node import VIEW
from pyvtysh import loading, marking, running
from pyvtysh.commands import LANGUAGE
from pyvtysh.dispatch import Vtysh, collect, drain
from pyvtysh.history import History
from pyvtysh.link import Link, Running, SocketLink, read_only_path
from pyvtysh.merged import ORDER, load_languages
from pyvtysh.options import JSON_ERRORS, LINT, READ_ONLY, USAGE, Options, UsageError, parse
from pyvtysh.questions import help_for
from pyvtysh.standard import open_standard_files

_GOES_ON = (Status.SUCCESS, Status.WARNING, Status.SUCCESS_DAEMON)


class UnreachableError(Exception):
    """A socket's path cannot be used at all; the text says why."""


def main(arguments: list[str] | None = None) -> int:
    """Run `vtysh` with these arguments (default: the process's); its exit status."""
    open_standard_files()
    given = sys.argv[1:] if arguments is None else arguments
    if given[:1] == [LINT]:
        from pyvtysh.lint.command import main as lint  # no part of a shell

        return lint(given[1:])
    if JSON_ERRORS in given:
        from pyvtysh import jsonerrors  # for those who ask for it

        return jsonerrors.main(given)
    try:
        options = parse(given)
    except UsageError as error:
        _say(str(error))
        return 1
    if "h" in options.flags:
        sys.stdout.write(USAGE)
        return 0
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # bytes that are no UTF-8 pass as they are
            stream.reconfigure(errors="surrogateescape")
    try:
        status = _run(options)
        sys.stdout.flush()
    except (KeyboardInterrupt, BrokenPipeError):
        pass
    except OSError as error:  # all others are caught where they arise
        sys.stderr.write(f"vtysh: cannot write the answer: {error.strerror}\n")
    else:
        return status
    with contextlib.suppress(OSError):  # what is left in the buffer goes nowhere
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    return 1


def _say(text: str) -> None:
    """Behind what was printed so far."""
    sys.stdout.flush()
    sys.stderr.write(text)
    sys.stderr.flush()


def make_vtysh(options: Options, connect: Callable[[str], Link | None]) -> Vtysh:
    """A shell for these options, not connected yet; vtysh.conf has been read."""
    vtysh = Vtysh(LANGUAGE, load_languages(), connect, _say, options.config_dir)
    vtysh.only = options.daemon
    if sys.stdout.isatty():
        from grammar.visible import visible  # for terminals

        vtysh.printable = visible
    vtysh.has_input = True
    vtysh.user_mode = "u" in options.flags
    vtysh.session.read_only = READ_ONLY[2:] in options.flags
    if vtysh.user_mode:
        vtysh.session.go(VIEW)
    else:
        loading.read_own_file(vtysh, f"{options.config_dir}/vtysh.conf")
    return vtysh


def _run(options: Options) -> int:
    vtysh = make_vtysh(options, lambda name: _link(vtysh, options.vty_socket, name))
    if options.warning:
        _say(options.warning)
    if "m" in options.flags:
        return _mark(vtysh, options)
    if "C" in options.flags:
        return _check(vtysh, options)
    if "n" in options.flags:
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115  for the rest of the process
    if options.daemon is not None and options.daemon not in ORDER:
        _say(f"Error: no daemons match name {options.daemon}!\n")
    try:
        count = vtysh.connect() if options.daemon in (None, *ORDER) else 0
    except UnreachableError as error:
        _say(f"{error}\n")
        return 1
    if not count:
        _say("Exiting: failed to connect to any daemons.\n")
        if options.daemon in (None, *ORDER):
            _say("".join(f"vtysh: {reason}\n" for reason in _unanswering(options)))
        if os.geteuid() != 0:
            _say("Hint: if this seems wrong, try running me as a privileged user!\n")
        return 0 if "n" in options.flags else 1
    try:
        return _serve(vtysh, options)
    finally:
        vtysh.close()


def _socket_link(directory: str, name: str) -> Link | None:
    path = f"{directory}/{name}.vty"
    try:
        mode = os.stat(path).st_mode
    except FileNotFoundError:
        return None
    except OSError as error:
        raise UnreachableError(f"vtysh_connect({path}): stat = {error.strerror}") from None
    if not stat.S_ISSOCK(mode):
        raise UnreachableError(f"vtysh_connect({path}): Not a socket")
    try:
        return SocketLink(name, path)
    except PermissionError:
        raise
    except OSError:
        return None


def _link(vtysh: Vtysh, directory: str, name: str) -> Link | None:
    """A daemon's socket for those who may only look, if we are to look or may do no more."""
    path = read_only_path(f"{directory}/{name}.vty")
    link = _connected(name, path) if vtysh.session.read_only else None
    try:
        link = link or _socket_link(directory, name)
    except PermissionError:
        link = _connected(name, path)
        vtysh.session.read_only |= link is not None
    return link


def _connected(name: str, path: str) -> Link | None:
    try:
        return SocketLink(name, path)
    except OSError:
        return None


def _unanswering(options: Options) -> Iterator[str]:
    """Why no daemon answers: the folder without sockets, or each socket with its error."""
    directory = options.vty_socket
    names = ORDER if options.daemon is None else (options.daemon,)
    paths = [f"{directory}/{name}.vty" for name in names]
    found = [path for path in paths if os.path.exists(path)]
    if not found:
        yield f"{paths[0] if len(paths) == 1 else directory}: no daemon's socket is there"
    for path in found:
        try:
            SocketLink("", path).close()
        except OSError as error:
            yield f"{path}: {error.strerror}"


def _serve(vtysh: Vtysh, options: Options) -> int:
    gc.freeze()  # the languages stay; what comes now is looked at as they were not
    gc.enable()
    if "w" in options.flags:
        return drain(running.write_integrated(vtysh), sys.stdout.write)
    if options.file is not None:
        return drain(loading.load_file(vtysh, options.file), sys.stdout.write)
    vtysh.seen.watch = _watch
    if options.commands:
        return run_commands(vtysh, options)
    if "b" in options.flags:
        status = _boot(vtysh)
        return 0 if "n" in options.flags else status
    if sys.stdin.isatty():
        from pyvtysh.shell.prompt import run_terminal  # costly: prompt_toolkit

        _look_after(vtysh)
        return run_terminal(vtysh, History.open(options.histfile))
    return run_input(vtysh, History.open(options.histfile))


def _ended(number: int, frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)


def _watch(vtysh: Vtysh, line: str, seconds: float) -> Running:
    import signal

    from pyvtysh.pipes.watching import printing  # for those who ask for it

    # Nothing but Ctrl-C ends it: that is no fault, wherever it comes.
    signal.signal(signal.SIGINT, _ended)
    return printing(vtysh, line, seconds)


def _look_after(vtysh: Vtysh) -> None:
    """Tell of a commit that waits to be confirmed, or was taken back."""
    folder = f"{vtysh.config_dir}/commits"
    if any(os.path.exists(f"{folder}/{name}") for name in ("pending", "at-work", "notices")):
        from pyvtysh.candidate.editing import pending_told

        drain(pending_told(vtysh), sys.stdout.write)


def _mark(vtysh: Vtysh, options: Options) -> int:
    if vtysh.user_mode:
        sys.stdout.write("% Unknown command: enable\n% Unknown command: configure\n")
    return marking.mark_file(options.file or "", sys.stdout.write, _say)


def _check(vtysh: Vtysh, options: Options) -> int:
    """`-C`: lines are run and a file is read without a daemon."""
    if not options.commands:
        path = options.file or str(running.integrated_path(vtysh))
        return drain(loading.load_file(vtysh, path, check=True), sys.stdout.write)
    status: int = Status.SUCCESS
    for line in options.commands:
        if "E" in options.flags:
            sys.stdout.write(f"{vtysh.prompt}{line}\n")
        status = drain(vtysh.execute(line), sys.stdout.write)
        if vtysh.closed:
            return 0
        if status not in _GOES_ON and "n" not in options.flags:
            return 1
    return status


def _boot(vtysh: Vtysh) -> int:
    path = running.integrated_path(vtysh)
    status = drain(loading.load_file(vtysh, str(path)), sys.stdout.write)
    if status:
        _say(f"Configuration file[{path}] processing failure: {status}\n")
    return status


def run_commands(vtysh: Vtysh, options: Options) -> int:
    """Run the lines of `-c` up to the first that fails; 0 or 1."""
    history = History.open(options.histfile)
    log = os.environ.get("VTYSH_LOG")
    for line in options.commands:
        if "E" in options.flags:
            sys.stdout.write(f"{vtysh.prompt}{line}\n")
        if "t" in options.flags and line.strip() not in ("exit", "quit"):
            now = time.time()
            stamp = time.strftime("%Y/%m/%d %H:%M:%S", time.localtime(now))
            sys.stdout.write(f"% {stamp}.{int(now * 1000) % 1000:03d}\n\n")
        history.add(line)
        vtysh.history = history.lines
        if log:
            stamp = time.strftime("%Y%m%d-%H:%M.%S")
            _append(log, f"{stamp}:{os.environ.get('USER', 'boot')} {line}\n")
        status = run_line(vtysh, line)
        if vtysh.closed:
            return 0
        if status not in _GOES_ON and "n" not in options.flags:
            return 1
    sys.stdout.flush()
    return 0


def _append(path: str, text: str) -> None:
    with (
        contextlib.suppress(OSError),
        open(path, "a", encoding="utf-8", errors="surrogateescape") as file,
    ):
        file.write(text)


def run_line(vtysh: Vtysh, line: str) -> int:
    """Run one line, or answer its `?`; text goes to standard output or to `output file`."""
    if line.rstrip().endswith("?"):
        for text in help_for(vtysh, line.rstrip()[:-1]):
            sys.stdout.write(f"{text}\n")
        return Status.SUCCESS
    path = vtysh.output_path
    if path is None:
        status = drain(vtysh.execute(line), sys.stdout.write)
        sys.stdout.flush()
        return status
    text, status = collect(vtysh.execute(line))
    try:
        with open(path, "a", encoding="utf-8", errors="surrogateescape") as file:
            file.write(text)
    except OSError as error:
        _say(f"vtysh: cannot write {path}: {error.strerror}\n")
        return Status.NO_FILE
    return status


def greeting(vtysh: Vtysh) -> str:
    """What an interactive vtysh says first."""
    if vtysh.motd is not None:
        return vtysh.motd
    return (
        f"\nHello, this is FRRouting (version {VERSION}).\n"
        "Copyright 1996-2005 Kunihiro Ishiguro, et al.\n\n"
    )


def run_input(vtysh: Vtysh, history: History) -> int:
    """Lines from standard input that is no terminal, each echoed behind the prompt; 0.

    A question mark is answered where it stands, as on a terminal, and is no part of the line.
    """
    vtysh.history = history.lines
    sys.stdout.write(greeting(vtysh))
    for given in sys.stdin:
        parts = given.replace("\0", "").rstrip("\n").split("?")
        for number in range(1, len(parts)):
            begun = "".join(parts[:number])
            sys.stdout.write(f"{vtysh.prompt}{begun}\n")
            for text in help_for(vtysh, begun):
                sys.stdout.write(f"{text}\n")
        line = "".join(parts)
        sys.stdout.write(f"{vtysh.prompt}{line}\n")
        history.typed(line)
        run_line(vtysh, line)
        if vtysh.closed:
            sys.stdout.flush()
            return 0
    sys.stdout.write(f"{vtysh.prompt}\n")
    sys.stdout.flush()
    return 0
