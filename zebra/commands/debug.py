"""`debug zebra ...`: what zebra writes to its log. The enable node changes the same switches."""

from collections.abc import Iterator
from typing import Any

from grammar.command import Call, action, show
from grammar.node import CONFIG, ENABLE
from grammar.scope import Scope, Values
from zebra import show as shown
from zebra.config import ZebraConfig

DEBUG = Scope(
    (ENABLE, CONFIG),
    lambda zebra, values: zebra.config,
    lambda zebra: [({}, zebra.config)],
)
SHOW_DEBUG = Scope((ENABLE,))

ORDER = (
    "events",
    "packet",
    "kernel msgdump",
    "kernel",
    "rib",
    "fpm",
    "nht",
    "mpls",
    "vxlan",
    "mlag",
    "evpn mh es",
    "evpn mh mac",
    "evpn mh neigh",
    "evpn mh nh",
    "pseudowires",
    "dplane",
    "dplane dpdk",
    "nexthop",
    "pbr",
    "neigh",
)
"""The switches in the order in which they print."""


def _lines(config: ZebraConfig, names: Values) -> Iterator[str]:
    lines = [f"debug zebra {config.debug[name]}" for name in ORDER if name in config.debug]
    if lines:
        yield from lines
        yield "!"


def _config(call: Call) -> ZebraConfig:
    config: ZebraConfig = call.daemon.config
    return config


def _declare(name: str, options: str, help_texts: tuple[str, ...], own_no: bool) -> None:
    """One switch; FRR has some of them as `[no] ...` and some as two commands."""
    notation = f"debug zebra {name}{f' {options}' if options else ''}"

    def typed(values: Values) -> str:
        return " ".join([name, *(str(word) for word in values.values())])

    def run(call: Call) -> None:
        config = _config(call)
        if call.negated:
            config.debug.pop(name, None)
        elif name == "packet" or not config.debug.get(name, "").startswith(f"{name} detail"):
            config.debug[name] = typed(call.values)

    def off(call: Call) -> None:
        _config(call).debug.pop(name, None)

    texts = ("Debugging", "Of zebra", *help_texts)
    action(DEBUG, notation, *texts, negatable=not own_no)(run)
    if own_no:
        action(DEBUG, f"no {notation}", "Switch off", *texts)(off)


_OPTIONS = "[<recv$way|send$way>]"

_declare("events", "", ("What happens in zebra",), True)
_declare("nht", "[detailed$more]", ("Next-hop tracking", "In detail"), True)
_declare("mpls", "[detailed$more]", ("Labels", "In detail"), True)
_declare("vxlan", "", ("VXLAN",), True)
_declare("pseudowires", "", ("Pseudowires",), False)
_declare(
    "packet",
    f"{_OPTIONS} [detail$more]",
    ("Messages of clients", "Received ones", "Sent ones", "In detail"),
    True,
)
_declare("kernel", "", ("Talk with the kernel",), True)


def _dump(call: Call, *, on: bool) -> None:
    """The two directions are switches of their own; both together print without a word."""
    debug = _config(call).debug
    before = debug.pop("kernel msgdump", "")
    ways = set(_dump_ways(before)) if before else set()
    typed = set(_dump_ways(f"kernel msgdump {call.values.get('way', '')}".rstrip()))
    ways = ways | typed if on else ways - typed
    if ways:
        word = "" if len(ways) == 2 else f" {ways.pop()}"
        debug["kernel msgdump"] = f"kernel msgdump{word}"


def _dump_ways(words: str) -> tuple[str, ...]:
    last = words.rpartition(" ")[2]
    return (last,) if last in ("recv", "send") else ("recv", "send")


_DUMP_HELP = (
    "Debugging",
    "Of zebra",
    "Talk with the kernel",
    "Whole messages",
    "Received ones",
    "Sent ones",
)
action(DEBUG, f"debug zebra kernel msgdump {_OPTIONS}", *_DUMP_HELP)(
    lambda call: _dump(call, on=True)
)
action(DEBUG, f"no debug zebra kernel msgdump {_OPTIONS}", "Switch off", *_DUMP_HELP)(
    lambda call: _dump(call, on=False)
)
_declare("rib", "[detailed$more]", ("The routing tables", "In detail"), True)
_declare("fpm", "", ("The forwarding plane manager",), True)
_declare("mlag", "", ("MLAG",), False)
_declare("nexthop", "[detail$more]", ("Next-hop groups", "In detail"), False)
_declare("pbr", "", ("Policy-based routing",), True)
_declare("neigh", "", ("Neighbours",), False)


@action(
    DEBUG,
    "debug zebra evpn mh <es|mac|neigh|nh>$part",
    "Debugging",
    "Of zebra",
    "EVPN",
    "Multihoming",
    "Ethernet segments",
    "MAC addresses",
    "Neighbours",
    "Next hops",
    negatable=True,
)
def evpn_mh(call: Call) -> None:
    """Multihoming switches, one for each part."""
    name = f"evpn mh {call.values['part']}"
    if call.negated:
        _config(call).debug.pop(name, None)
    else:
        _config(call).debug[name] = name


@action(
    DEBUG,
    "debug zebra dplane [detailed$more]",
    "Debugging",
    "Of zebra",
    "What goes to the kernel",
    "In detail",
    printer=_lines,
)
def dplane(call: Call) -> None:
    """This switch brings the one of `dpdk` with it, as in FRR."""
    more = " detailed" if call.values.get("more") else ""
    _config(call).debug["dplane"] = f"dplane{more}"
    _config(call).debug["dplane dpdk"] = f"dplane dpdk{more}"


@action(
    DEBUG,
    "no debug zebra dplane",
    "Switch off",
    "Debugging",
    "Of zebra",
    "What goes to the kernel",
)
def no_dplane(call: Call) -> None:
    """Both switches off."""
    _config(call).debug.pop("dplane", None)
    _config(call).debug.pop("dplane dpdk", None)


@action(
    DEBUG,
    "debug zebra dplane dpdk [detailed$more]",
    "Debugging",
    "Of zebra",
    "What goes to the kernel",
    "Through DPDK",
    "In detail",
    negatable=True,
)
def dplane_dpdk(call: Call) -> None:
    """FRR prints this one only in its detailed form, and never switches it off by itself."""
    if not call.negated and call.values.get("more"):
        _config(call).debug["dplane"] = "dplane detailed"
        _config(call).debug["dplane dpdk"] = "dplane dpdk detailed"


@show(SHOW_DEBUG, "show debugging [zebra]", "Show", "Switched-on debugging", "Of zebra")
def show_debugging(zebra: Any) -> "shown.views.Debugging":
    """The switches that are on."""
    return shown.views.debugging(zebra, ORDER)
