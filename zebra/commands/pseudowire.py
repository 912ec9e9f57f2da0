"""`pseudowire NAME`: static pseudowires are kept and printed; the kernel has no MPLS for them."""

from collections.abc import Iterator
from typing import Any

from grammar.command import Call, action, opens
from grammar.node import CONFIG
from grammar.scope import Block, Scope, Values
from zebra.commands.nodes import PSEUDOWIRE
from zebra.config import PseudowireConfig

PSEUDOWIRES = Scope((CONFIG,))
_TOP = Scope((CONFIG,), objects=lambda zebra: [])
PSEUDOWIRES.add(_TOP)
_BLOCK = Block(
    (PSEUDOWIRE,),
    objects=lambda zebra: [
        ({"name": name}, config) for name, config in sorted(zebra.config.pseudowires.items())
    ],
    open_line=lambda values, target: f"pseudowire {values['name']}",
)
PSEUDOWIRES.add(_BLOCK)


@opens(
    _TOP,
    "pseudowire IFNAME$name",
    "A static pseudowire",
    "The name of its interface",
    into=PSEUDOWIRE,
    alive=lambda zebra, config: config in zebra.config.pseudowires.values(),
)
def pseudowire(call: Call) -> PseudowireConfig:
    """Into the node of the pseudowire."""
    known: dict[str, PseudowireConfig] = call.daemon.config.pseudowires
    return known.setdefault(call.values["name"], PseudowireConfig())


@action(
    _TOP,
    "no pseudowire IFNAME$name",
    "Remove",
    "A static pseudowire",
    "The name of its interface",
)
def no_pseudowire(call: Call) -> None:
    """Forget it."""
    call.daemon.config.pseudowires.pop(call.values["name"], None)


def _config(call: Call) -> PseudowireConfig:
    config: PseudowireConfig = call.target()
    return config


def _lines(config: PseudowireConfig, names: Values) -> Iterator[str]:
    if config.labels is None:
        yield "! Incomplete config, specify the static MPLS labels"
    else:
        yield "mpls label local {} remote {}".format(*config.labels)
    if config.neighbor is None:
        yield "! Incomplete config, specify a neighbor address"
    else:
        yield f"neighbor {config.neighbor}"
    if not config.control_word:
        yield "control-word exclude"


@action(
    _BLOCK,
    "mpls label local (16-1048575)$local remote (16-1048575)$remote",
    "MPLS",
    "Labels",
    "The one that comes in",
    "Label",
    "The one to send",
    "Label",
    negatable=True,
    printer=_lines,
)
def labels(call: Call) -> None:
    """Both labels."""
    pair = (call.values["local"], call.values["remote"])
    _config(call).labels = None if call.negated else pair


@action(
    _BLOCK,
    "neighbor <A.B.C.D$address|X:X::X:X$address>",
    "The other end",
    "IPv4 address",
    "IPv6 address",
    negatable=True,
)
def neighbor(call: Call) -> None:
    """The other end."""
    _config(call).neighbor = None if call.negated else call.values["address"]


@action(
    _BLOCK,
    "control-word <exclude$word|include$word>",
    "The control word",
    "Leave it out",
    "Have it (the default)",
    negatable=True,
)
def control_word(call: Call) -> None:
    """Without it only when said so."""
    word: Any = call.values["word"]
    _config(call).control_word = call.negated or word == "include"
