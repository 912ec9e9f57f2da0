"""`debug bfd ...` and `show debugging`."""

from collections.abc import Iterator
from typing import Any

from grammar.command import Call, action, show
from grammar.node import CONFIG, ENABLE
from grammar.scope import Scope, Values
from zebra.bfdd.config import BfddConfig

DEBUG = Scope(
    (ENABLE, CONFIG),
    lambda bfdd, values: bfdd.config,
    lambda bfdd: [({}, bfdd.config)],
)
SHOW_DEBUG = Scope((ENABLE,))

_SWITCHES = {
    "distributed": "Distributed BFD",
    "peer": "Peer events",
    "zebra": "Zebra events",
    "network": "Network layer",
}


def _lines(config: BfddConfig, names: Values) -> Iterator[str]:
    on = [name for name in _SWITCHES if name in config.debug]
    yield from (f"debug bfd {name}" for name in on)
    if on:
        yield "!"


@action(
    DEBUG,
    "debug bfd <distributed|peer|zebra|network>$switch",
    "Debugging",
    "Of BFD",
    "A data plane apart",
    "Peers that come and go",
    "Messages from and to zebra",
    "Packets",
    negatable=True,
    printer=_lines,
)
def debug_bfd(call: Call) -> None:
    """Switch one kind of messages on or off."""
    config: BfddConfig = call.daemon.config
    name = call.values["switch"]
    if call.negated:
        config.debug.pop(name, None)
    else:
        config.debug[name] = None


@show(SHOW_DEBUG, "show debugging [bfd]", "Show", "Switched-on debugging", "Of BFD")
def show_debugging(bfdd: Any) -> str:
    """The switches that are on."""
    config: BfddConfig = bfdd.config
    rows = (
        f"  {text} debugging is on.\n" for name, text in _SWITCHES.items() if name in config.debug
    )
    return "BFD debugging status:\n" + "".join(rows)
