"""Files of lines: loaded (`-b`, `-f`, `copy FILE`) and checked (`-C`)."""

import fcntl
import os
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from grammar.base.errors import Status
from grammar.command import Opens
from grammar.language.match import Ambiguous, Incomplete, Match, match, split_words
from grammar.node import CONFIG, ENABLE, Node
from pyvtysh.dispatch import Vtysh, drain
from pyvtysh.link import Running
from pyvtysh.listed import Taken, Walk
from pyvtysh.marking import lines_of
from pyvtysh.merged import Route
from pyvtysh.passing import UNTAKEN, pass_on

_LOCK_SECONDS = 200


def load_file(vtysh: Vtysh, path: str, *, check: bool = False, lock_it: bool = True) -> Running:
    """Load a file, or only check its syntax; the last bad status, 0 if there was none."""
    lock: int | None = None
    if lock_it and not check:
        try:
            lock = _locked(path)
        except OSError as error:
            vtysh.say(f"Unable to create lock file: {path}, {error.strerror}\n")
    from pyvtysh.progress import Progress  # for those who have a file

    progress = Progress()
    try:
        with _opened(path) as file:
            return (yield from load_lines(vtysh, progress.over(file, path), check=check))
    except KeyboardInterrupt:
        progress.clear()
        if not check:
            _interrupted(vtysh, path, progress.done)
        raise
    except IsADirectoryError:
        return Status.SUCCESS  # without a word, as FRR
    except OSError as error:
        vtysh.say(f"% Can't open configuration file {path} due to '{error.strerror}'.\n")
        return Status.NO_FILE
    finally:
        if lock is not None:
            os.close(lock)


def _interrupted(vtysh: Vtysh, path: str, line: int) -> None:
    """Say how far a file came; the daemons put in force what they have, and are met anew."""
    ahead = (
        f"lines 1 to {line - 1} were applied, line {line} may have been" if line else "no line was"
    )
    vtysh.say(f"% {path}: interrupted: {ahead}; what is behind was not\n")
    if vtysh.monitors is not None:  # the dialogue goes on
        vtysh.session.go(ENABLE)
        vtysh.reconnect(anew=True)


def _locked(path: str) -> int:
    """A descriptor that holds FRR's lock on the file; waits for its holder."""
    descriptor = os.open(path, os.O_RDONLY)
    deadline = time.monotonic() + _LOCK_SECONDS
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                return descriptor
            time.sleep(0.5)
        else:
            return descriptor


@contextmanager
def _opened(path: str) -> Iterator[Iterator[str]]:
    """The lines of a file, with their ends as they are."""
    with open(path, encoding="utf-8", errors="surrogateescape", newline="\n") as file:
        yield lines_of(file)


def load_lines(vtysh: Vtysh, lines: Iterable[str], *, check: bool = False) -> Running:
    """Load lines that still have their newlines, with FRR's messages about bad ones."""
    if not check:
        yield from begin(vtysh)
    before = vtysh.node
    vtysh.session.go(CONFIG)
    vtysh.through_warnings = True
    last: int = Status.SUCCESS
    try:
        for number, line in enumerate(lines, 1):
            status = yield from load_line(vtysh, number, line, check=check)
            if vtysh.closed:
                return Status.SUCCESS
            if status != Status.SUCCESS:
                last = status
    finally:
        vtysh.through_warnings = False
        vtysh.indented = None
        _tell(vtysh)
    vtysh.session.go(before if not before.is_config else ENABLE)
    if not check:
        yield from finish(vtysh)
    return last


def begin(vtysh: Vtysh) -> Running:
    """Let the daemons hold back the effects of the lines that come."""
    return (yield from _all(vtysh, "enable", "configure terminal", "XFRR_start_configuration"))


def finish(vtysh: Vtysh) -> Running:
    """Let the lines take effect in the daemons."""
    if not vtysh.user_mode:
        yield from vtysh.ask_owners(list(vtysh.links), "XFRR_end_configuration")
        return (yield from _all(vtysh, "end", "disable"))
    return (yield from _all(vtysh, "XFRR_end_configuration", "end", "disable"))


def _all(vtysh: Vtysh, *lines: str) -> Running:
    """Send lines to all daemons; a user without privileges is told of each, as FRR does."""
    for line in lines:
        if vtysh.user_mode:
            yield f"% Unknown command: {line}\n"
        else:
            yield from vtysh.ask_all(line)
    return Status.SUCCESS


def load_line(vtysh: Vtysh, number: int, line: str, *, check: bool = False) -> Running:
    """Load one line of a file, from the node of the last one; says what is wrong with it.

    A line of daemons that do not run is passed over in silence, as FRR does.
    """
    text = line.strip()
    if not text or text[0] in "!#" or text == "end":
        return Status.SUCCESS
    vtysh.indented = line[0].isspace()
    result, node = vtysh.find(text)
    if not isinstance(result, Match) or (node is ENABLE and vtysh.node is not ENABLE):
        return (yield from _unknown(vtysh, number, line, check=check))
    step_up(vtysh, node)
    assert isinstance(result.command, Route)
    if result.command.own and not moves(vtysh, result.command):
        return _own(vtysh, result, line)
    if check:
        return follow(vtysh, result)
    return (yield from _send(vtysh, number, line, result))


def _unknown(vtysh: Vtysh, number: int, line: str, *, check: bool) -> Running:
    """A line that we do not know: a daemon may; nobody is asked for a mere check."""
    here = vtysh.node
    if check:
        found = Walk(here.number).find(split_words(line))
        if isinstance(found, Taken):
            return follow_listed(vtysh, found)
    else:
        status = yield from pass_on(vtysh, line)
        if status in (Status.SUCCESS, Status.WARNING):
            return Status.SUCCESS
        if status not in UNTAKEN:
            return _failure(vtysh, number, line, status)
    return _refuse(vtysh, number, line, here)


def _refuse(vtysh: Vtysh, number: int, line: str, here: Node) -> int:
    """Say what is wrong with a line: what the lowest node that knows its beginning says."""
    words = split_words(line)
    node: Node | None = here
    status = Status.NO_MATCH
    says = ""
    while node is not None and status == Status.NO_MATCH:
        says, status = _refusal(match(vtysh.merged.graph(node), words))
        node = node.parent if node is not CONFIG else None
    if status == Status.NO_MATCH:
        says, status = _REFUSALS[Status(Walk(here.number).doubt(words))]
    end = "" if status == Status.NO_MATCH else "\n"
    vtysh.say(f"line {number}: {says}[{here.number}]: {line}{end}")
    return status


def _send(vtysh: Vtysh, number: int, line: str, result: Match) -> Running:
    status = yield from vtysh.run_route(result, line)
    if status in (Status.SUCCESS, Status.WARNING):
        return Status.SUCCESS
    return _failure(vtysh, number, line, status)


def _own(vtysh: Vtysh, result: Match, line: str) -> int:
    """Run a line of vtysh's own; what it says is kept for the end of the file."""
    status = drain(vtysh.run_route(result, line), vtysh.kept.append)
    return Status.SUCCESS if status == Status.WARNING else status


def _tell(vtysh: Vtysh) -> None:
    """What vtysh's own lines said goes to standard error, in lines that end in CR LF, as FRR's."""
    for text in vtysh.kept:
        vtysh.say(text.replace("\n", "\r\n"))
    vtysh.kept.clear()


def _failure(vtysh: Vtysh, number: int, line: str, status: int, daemon: str | None = None) -> int:
    """Say which daemon refused a line."""
    daemon = daemon or vtysh.asked
    vtysh.say(f"line {number}: Failure to communicate[{status}] to {daemon}, line: {line}\n")
    return status


def step_up(vtysh: Vtysh, node: Node) -> None:
    """Go to a node above, as the daemons will by themselves."""
    while vtysh.node is not node and vtysh.node.parent is not None and node is not ENABLE:
        vtysh.session.leave()


def follow_listed(vtysh: Vtysh, taken: Taken) -> int:
    """Change the node as a line would that only FRR's own daemons know."""
    while vtysh.node.number != taken.node and vtysh.node.parent is not None:
        vtysh.session.leave()
    into = None if taken.opens is None else vtysh.merged.node_of(taken.opens)
    if into is not None:
        vtysh.session.enter(into, None)
    elif taken.leaves:
        vtysh.session.leave()
    return Status.SUCCESS


_REFUSALS = {
    Status.NO_MATCH: ("% Unknown command", Status.NO_MATCH),
    Status.AMBIGUOUS: ("% Ambiguous command", Status.AMBIGUOUS),
    Status.INCOMPLETE: ("% Command incomplete", Status.INCOMPLETE),
}


def _refusal(result: object) -> tuple[str, Status]:
    match result:
        case Ambiguous():
            return _REFUSALS[Status.AMBIGUOUS]
        case Incomplete():
            return _REFUSALS[Status.INCOMPLETE]
    return _REFUSALS[Status.NO_MATCH]


def follow(vtysh: Vtysh, result: Match) -> int:
    """Change the node as the line would, asking nobody."""
    route = result.command
    assert isinstance(route, Route)
    command = route.command
    if isinstance(command, Opens) and not result.negated:
        into = command.into
        vtysh.session.enter(into if isinstance(into, Node) else into(result.values), None)
    elif moves(vtysh, route):
        vtysh.session.leave()
    return Status.SUCCESS


def moves(vtysh: Vtysh, route: Route) -> bool:
    """Whether a line of vtysh's own leaves the present node."""
    return route.own and route.command.notation in ("exit", "quit", *vtysh.node.exits)


def read_own_file(vtysh: Vtysh, path: str) -> None:
    """Run the lines of vtysh.conf that speak of vtysh; the daemons' are skipped, bad ones told."""
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            lines = file.read().splitlines(keepends=True)
    except OSError as error:
        vtysh.say(f"% Can't open configuration file {path} due to '{error.strerror}'.\n")
        return
    before = vtysh.node
    vtysh.session.go(CONFIG)
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if not text or text[0] in "!#":
            continue
        result = match(vtysh.merged.graph(CONFIG), split_words(text))
        if not isinstance(result, Match):
            _refuse(vtysh, number, line, CONFIG)
        elif isinstance(result.command, Route) and result.command.own:
            _own(vtysh, result, text)
    _tell(vtysh)
    vtysh.session.go(before)
