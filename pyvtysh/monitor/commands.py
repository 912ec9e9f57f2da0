"""The lines that begin with `monitor`."""

from contextlib import ExitStack
from functools import partial

from bgp.commands.monitor import MONITOR as OF_BGPD
from grammar.base.errors import Status
from grammar.base.pause import Pause
from grammar.call import Call
from grammar.command import Action, action
from grammar.declared import Language
from grammar.node import ENABLE, VIEW
from grammar.scope import Scope
from pyvtysh.commands import DAEMONS
from pyvtysh.dispatch import Vtysh, collect
from pyvtysh.link import LinkLostError, Running, SocketLink
from pyvtysh.monitor.live import Live
from pyvtysh.monitors import Monitors
from pyvtysh.passing import UNTAKEN
from zebra.commands.explain import MONITOR as OF_ZEBRA

TOP = Scope((ENABLE,))
BOTH = Scope((VIEW, ENABLE))

LANGUAGE = Language("monitor", "MONITOR", [TOP, BOTH])
"""These lines, for `pyvtysh.beyond`."""

_REFUSAL_SECONDS = 0.5
"""How long the first word of a daemon is waited for, which may be that it will not."""


@action(TOP, f"monitor log [{DAEMONS}]", "Show what happens, until it is stopped", "Log lines")
def _log(call: Call) -> Running:
    vtysh: Vtysh = call.daemon
    asked = call.values.get("daemon")
    if asked is not None and asked not in vtysh.links:
        yield f"% {asked} is not running\n"
        return Status.WARNING
    monitors = Monitors()
    with ExitStack() as opened:
        opened.callback(monitors.close)
        for name in [asked] if asked else list(vtysh.links):
            if not _begin(vtysh, name, monitors, opened):
                yield f"% {name} gives no log lines\n"
        if not monitors.sockets:
            return Status.WARNING
        live = opened.enter_context(Live(vtysh))
        live.begins()
        yield Pause(0)
        while monitors.sockets and not live.stopped:
            if live.wait(monitors.sockets.values()):
                yield vtysh.printable(monitors.read())
        return Status.SUCCESS if live.stopped else Status.NO_DAEMON


def _begin(vtysh: Vtysh, name: str, monitors: Monitors, opened: ExitStack) -> bool:
    """Have a daemon send its lines; False if it does not."""
    try:
        link = vtysh.further_link(name)
        if link is None:
            return False
        opened.callback(link.close)
        for line in ("enable", "terminal monitor"):
            collect(link.run(line))
    except OSError:
        return False
    live, link.received = link.received, None
    if live is not None:
        monitors.add(name, live)
    return live is not None


def _run(call: Call, daemon: str) -> Running:
    """Ask a daemon for an answer without end."""
    vtysh: Vtysh = call.daemon
    line = call.line.removeprefix("do ")
    try:
        link = vtysh.further_link(daemon) if daemon in vtysh.links else None
    except OSError:
        link = None
    if link is None:
        yield f"% {daemon} is not running\n"
        return Status.NO_DAEMON
    if not isinstance(link, SocketLink):  # of this process: it is asked as it is read
        return (yield from _told(daemon, line, link.run(line)))
    with ExitStack() as opened:
        live = opened.enter_context(Live(vtysh))
        opened.callback(link.close)
        try:
            return (yield from _told(daemon, line, _followed(vtysh, link, line, live)))
        except LinkLostError:
            vtysh.say(f"% {daemon} is gone: it closed the connection\n")
            return Status.NO_DAEMON


def _told(daemon: str, line: str, running: Running) -> Running:
    """An answer, or that the daemon knows no such line."""
    try:
        first = next(running)
    except StopIteration as end:
        return int(end.value)
    if not first.startswith("%"):
        yield first
        return (yield from running)
    text, status = collect(running)
    if status in UNTAKEN:
        text, first = "", f"% {daemon} does not offer {line.split()[0]}: it is not ours\n"
        status = Status.CONFIG_FAILED
    yield first + text
    return status


def _followed(vtysh: Vtysh, link: SocketLink, line: str, live: Live) -> Running:
    """The answer of a daemon as it comes, until one is to stop; a pause once it is sure to last."""
    link.send(line)
    answer = link.answer()
    try:
        return (yield from _pieces(vtysh, link, answer, live))
    finally:
        link.close()  # the rest is not waited for
        answer.close()


def _pieces(vtysh: Vtysh, link: SocketLink, answer: Running, live: Live) -> Running:
    lasts = False
    while not live.stopped:
        text = ""
        if not link.answering or live.wait([link], None if lasts else _REFUSAL_SECONDS):
            try:
                text = next(answer)
            except StopIteration as end:
                return int(end.value)
        if not lasts and not text.startswith("%") and not live.stopped:
            lasts = True
            live.begins()
            yield Pause(0)
        if text:
            yield vtysh.printable(text)
    return Status.SUCCESS


for _daemon, _scope in (("bgpd", OF_BGPD), ("zebra", OF_ZEBRA)):
    for _command in _scope.commands():
        Action(BOTH, _command.notation, *_command.help, run=partial(_run, daemon=_daemon))
