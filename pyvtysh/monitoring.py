"""vtysh's `terminal monitor`: which daemons' log lines this terminal shows."""

from collections.abc import Iterator

from grammar.base.errors import Status
from grammar.call import Call
from grammar.command import action
from grammar.scope import Scope
from pyvtysh.dispatch import Vtysh
from pyvtysh.link import Running

_NOBODY = "% terminal monitor needs an interactive shell\n"


def monitoring(scope: Scope, daemons: str) -> None:
    """Declare the commands; `daemons` is the notation of a daemon's name."""

    @action(scope, f"terminal monitor [{daemons}]", "This terminal", "Log lines as they come")
    def monitor(call: Call) -> Running:
        vtysh: Vtysh = call.daemon
        return _monitor(vtysh, list(_named(call)))

    @action(scope, f"no terminal monitor [{daemons}]", "Not", "This terminal", "Log lines")
    def no_monitor(call: Call) -> Running:
        vtysh: Vtysh = call.daemon
        return _no_monitor(vtysh, list(_named(call)))


def _named(call: Call) -> Iterator[str]:
    vtysh: Vtysh = call.daemon
    asked = call.values.get("daemon")
    return (name for name in list(vtysh.links) if asked in (None, name))


def _monitor(vtysh: Vtysh, names: list[str]) -> Running:
    monitors = vtysh.monitors
    if monitors is None:
        yield _NOBODY
        return Status.WARNING
    last: int = Status.SUCCESS
    for name in names:
        if name in monitors.sockets:
            yield f"% {name}: already monitoring logs\n"
            continue
        status = yield from vtysh.ask(name, "terminal monitor")
        link = vtysh.links.get(name)
        live = link.received if link is not None else None
        if link is None or live is None:
            yield f"% failed to enable logs on {name}\n"
            last = status or Status.WARNING
            continue
        link.received = None
        monitors.add(name, live)
    return last


def _no_monitor(vtysh: Vtysh, names: list[str]) -> Running:
    last: int = Status.SUCCESS
    for name in names:
        status = yield from vtysh.ask(name, "no terminal monitor")
        if status != Status.SUCCESS:
            yield f"% failed to disable logs on {name}\n"
            last = status
        elif vtysh.monitors is not None:
            yield vtysh.monitors.finished(name)
    return last
