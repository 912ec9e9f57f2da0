"""`monitor log [DAEMON]`: log lines of our daemons and of FRR's as they come, until Ctrl-C.

The daemons are asked over links of their own, so `terminal monitor` and the dialogue stay as they
are. With `-c` the lines go to standard output.
"""

import select
import sys
from collections.abc import Iterator
from contextlib import ExitStack

from grammar.base.errors import Status
from grammar.call import Call
from grammar.command import action
from grammar.declared import Language
from grammar.node import ENABLE
from grammar.scope import Scope
from pyvtysh.commands import DAEMONS
from pyvtysh.dispatch import Vtysh, collect
from pyvtysh.link import Running
from pyvtysh.monitors import Monitors

TOP = Scope((ENABLE,))


@action(TOP, f"monitor log [{DAEMONS}]", "Show what happens, until Ctrl-C", "Log lines")
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
        yield from _lines(monitors)
    return Status.SUCCESS


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


def _lines(monitors: Monitors) -> Iterator[str]:
    """What comes, until no daemon is left."""
    while monitors.sockets:
        sys.stdout.flush()
        select.select(list(monitors.sockets.values()), [], [])
        yield monitors.read()


LANGUAGE = Language("monitor", "MONITOR", [TOP])
"""These lines, for `pyvtysh.beyond`."""
