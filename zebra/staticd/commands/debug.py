"""`debug static ...` and `show debugging`."""

from collections.abc import Iterator
from typing import Any

from grammar.command import Call, action, show
from grammar.node import CONFIG, ENABLE
from grammar.scope import Scope, Values
from zebra.staticd.config import StaticdConfig

DEBUG = Scope(
    (ENABLE, CONFIG),
    lambda staticd, values: staticd.config,
    lambda staticd: [({}, staticd.config)],
)
SHOW = Scope((ENABLE,))

_SWITCHES = ("events", "route")


def _lines(config: StaticdConfig, names: Values) -> Iterator[str]:
    on = [name for name in _SWITCHES if name in config.debug]
    if on:
        yield from (f"debug static {name}" for name in on)
        yield "!"


@action(
    DEBUG,
    "debug static [{events$events|route$route}]",
    "Debugging",
    "Of static routes",
    "What happens",
    "Routes",
    negatable=True,
    printer=_lines,
)
def debug_static(call: Call) -> None:
    """Without a word it means both."""
    config: StaticdConfig = call.daemon.config
    # As in FRR, what is typed in the enable node is not part of the configuration.
    switches = [config.terminal_debug]
    if call.session.node is CONFIG:
        switches.append(config.debug)
    for name in [name for name in _SWITCHES if name in call.values] or _SWITCHES:
        for switch in switches:
            if call.negated:
                switch.pop(name, None)
            else:
                switch[name] = None


@show(SHOW, "show debugging [static]", "Show", "Switched-on debugging", "Of static routes")
def show_debugging(staticd: Any) -> str:
    """The switches that are on."""
    config: StaticdConfig = staticd.config
    switched = config.debug.keys() | config.terminal_debug.keys()
    on = [f"  Static {name} debugging is on\n" for name in _SWITCHES if name in switched]
    return "Staticd debugging status\n" + "".join(on)
