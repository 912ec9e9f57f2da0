"""`mpls ...`: switched paths, labels of prefixes and the block of labels."""

from collections.abc import Iterator

from grammar.base.errors import CommandError
from grammar.base.values import Address, Prefix
from grammar.command import Call, action
from grammar.node import CONFIG
from grammar.scope import Scope, Values
from zebra.config import ZebraConfig, bound_labels
from zebra.effects import Effect
from zebra.switching import (
    EXPLICIT_NULLS,
    IMPLICIT_NULL,
    Switch,
    SwitchedPaths,
    interface_towards,
)

MPLS = Scope((CONFIG,), lambda zebra, values: zebra.config, lambda zebra: [({}, zebra.config)])
_LABEL = "(16-1048575)"


def _paths(call: Call) -> SwitchedPaths:
    paths: SwitchedPaths = call.target().switched
    if not paths.enabled:
        raise CommandError("% MPLS not turned on in kernel, ignoring command")
    return paths


def _switches(config: ZebraConfig, names: Values) -> Iterator[str]:
    for label, switch in config.switched.ordered():
        yield f"mpls lsp {label} {switch.gate} {switch.words}"


_HELP = ("MPLS", "A switched path", "The label that comes in")
_GATE = ("By an IPv4 neighbour", "By an IPv6 neighbour")
_OUT = ("The label to send", "The explicit null label", "No label")
_PATH = f"mpls lsp {_LABEL}$label"
_TO = "<A.B.C.D$gate|X:X::X:X$gate>"
_NULLS = f"{_LABEL}$out|explicit-null$out|implicit-null$out"


@action(MPLS, f"{_PATH} {_TO} <{_NULLS}>", *_HELP, *_GATE, *_OUT, printer=_switches)
def switch(call: Call) -> None:
    """What comes in with a label goes to a neighbour, with another one."""
    gate: Address = call.values["gate"]
    out = call.values["out"]
    if out == "implicit-null":
        out = IMPLICIT_NULL
    elif out == "explicit-null":
        out = EXPLICIT_NULLS[gate.afi]
    interface = interface_towards(call.daemon.interfaces, gate)
    _paths(call).put(call.values["label"], Switch(gate, int(out), interface))
    call.changed(Effect.SWITCHED, call.target())


def _no_switch(call: Call) -> None:
    """The label that goes out is not looked at."""
    _paths(call).drop(call.values["label"], call.values.get("gate"))
    call.changed(Effect.SWITCHED, call.target())


action(MPLS, f"no {_PATH} {_TO}", "Remove", *_HELP, *_GATE)(_no_switch)
action(MPLS, f"no {_PATH} {_TO} <{_NULLS}>", "Remove", *_HELP, *_GATE, *_OUT)(_no_switch)
action(MPLS, f"no {_PATH}", "Remove", *_HELP)(_no_switch)


def _bindings(config: ZebraConfig, names: Values) -> Iterator[str]:
    for prefix, label in bound_labels(config):
        yield f"mpls label bind {prefix} {label}"


_PREFIX = "<A.B.C.D/M$prefix|X:X::X:X/M$prefix>"
_BIND = ("MPLS", "Labels", "Bind to a prefix", "IPv4", "IPv6")


@action(
    MPLS,
    f"mpls label bind {_PREFIX} <{_LABEL}$label|implicit-null$label|explicit-null$label>",
    *_BIND,
    "The label",
    "No label",
    "The explicit null label",
    printer=_bindings,
)
def bind(call: Call) -> None:
    """A label of its own for a prefix."""
    config: ZebraConfig = call.target()
    prefix: Prefix = call.values["prefix"].network
    label = str(call.values["label"])
    if label.isdigit() and label in config.label_bindings.values():
        raise CommandError("% Label already bound to a FEC")
    config.label_bindings[prefix] = label
    call.changed(Effect.BOUND, config)


@action(
    MPLS,
    f"no mpls label bind {_PREFIX} [<{_LABEL}|implicit-null>]",
    "Remove",
    *_BIND,
    "The label",
    "No label",
)
def unbind(call: Call) -> None:
    """The label is not looked at."""
    config: ZebraConfig = call.target()
    if config.label_bindings.pop(call.values["prefix"].network, None) is None:
        raise CommandError("% FEC to label binding cannot be deleted")
    call.changed(Effect.BOUND, config)


def _block(config: ZebraConfig, names: Values) -> Iterator[str]:
    if config.label_block is not None:
        yield "mpls label global-block {} {}".format(*config.label_block)


_BLOCK = ("MPLS", "Labels", "The block for segment routing", "The first", "The last")


@action(MPLS, f"mpls label global-block {_LABEL}$first {_LABEL}$last", *_BLOCK, printer=_block)
def global_block(call: Call) -> None:
    """Clients that give an index for a prefix have a label of it."""
    first, last = call.values["first"], call.values["last"]
    if last < first:
        raise CommandError("% End label is less than Start label")
    call.target().label_block = (first, last)
    call.changed(Effect.BOUND, call.target())


@action(MPLS, f"no mpls label global-block [{_LABEL} {_LABEL}]", "Remove", *_BLOCK)
def no_global_block(call: Call) -> None:
    """No block."""
    call.target().label_block = None
    call.changed(Effect.BOUND, call.target())
