"""Settings of the whole process, in the order in which they print after `ip forwarding`.

Most are kept and printed only: docs/differences.md names what has an effect.
"""

from collections.abc import Iterator
from typing import Any

from grammar.command import Call, action
from grammar.node import CONFIG
from grammar.scope import Scope, Values
from zebra.config import OTHERS_MAY, QUEUE_LIMIT, ZebraConfig
from zebra.effects import Effect

PROCESS = Scope((CONFIG,), lambda zebra, values: zebra.config, lambda zebra: [({}, zebra.config)])


def _config(call: Call) -> ZebraConfig:
    config: ZebraConfig = call.target()
    return config


def _printer(words: str) -> Any:
    def lines(config: ZebraConfig, names: Values) -> Iterator[str]:
        value = config.process.get(words)
        if value is not None:
            yield f"{words} {value}".rstrip()

    return lines


def _put(call: Call, words: str, value: object, default: object) -> None:
    process = _config(call).process
    if value is None or value == default:
        process.pop(words, None)
    else:
        process[words] = str(value)


def _number(
    words: str,
    values: str,
    default: int | None,
    *help: str,
    optional: bool = False,
    hidden: bool = False,
    effect: Effect | None = None,
) -> None:
    """A line with a number; `optional`: `no` is taken without it."""
    variable = f"![{values}$value]" if optional else f"{values}$value"

    @action(
        PROCESS,
        f"{words} {variable}",
        *help,
        negatable=True,
        hidden=hidden,
        printer=_printer(words),
    )
    def number(call: Call) -> None:
        _put(call, words, None if call.negated else call.values["value"], default)
        if effect is not None:
            call.changed(effect, _config(call))


def _switch(
    words: str,
    *help: str,
    on: bool = False,
    hidden: bool = False,
    effect: Effect | None = None,
) -> None:
    """A line that is there or not; `on`: it is the default, and its absence prints."""
    printed = f"no {words}" if on else words

    @action(PROCESS, words, *help, negatable=True, hidden=hidden, printer=_printer(printed))
    def switch(call: Call) -> None:
        _put(call, printed, "" if call.negated is on else None, None)
        if effect is not None:
            call.changed(effect, _config(call))


_switch(OTHERS_MAY, "Others may take routes of ours away", effect=Effect.OTHERS_ROUTES)
_number(
    "zebra nexthop-group keep",
    "(1-3600)",
    180,
    "zebra",
    "Groups of next hops",
    "How long one stays that nobody uses",
    "Seconds",
)
_number("zebra work-queue", "(0-10000)", 10, "zebra", "Queue", "ms", optional=True, hidden=True)
_number(
    "zebra zapi-packets",
    "(1-10000)",
    1000,
    "zebra",
    "Messages of a client at a time",
    "How many",
    optional=True,
    hidden=True,
)
_MODES = ("urib-only", "mrib-only", "mrib-then-urib", "lower-distance", "longer-prefix")
_number(
    "ip multicast rpf-lookup-mode",
    f"<{'|'.join(f'{mode}$value' for mode in _MODES)}>",
    None,
    "IPv4",
    "Multicast",
    "Where to look up the way back to a source",
    "In the unicast table",
    "In the multicast table",
    "In the multicast table first",
    "The entry of lower distance",
    "The longer prefix",
    optional=True,
)
_number(
    QUEUE_LIMIT,
    "(0-10000)",
    200,
    "zebra",
    "What is on its way to the kernel",
    "How much may wait",
    "Changes",
    optional=True,
    effect=Effect.QUEUE_LIMIT,
)
_MULTIHOMING = ("EVPN", "Multihoming")
_number(
    "evpn mh mac-holdtime",
    "(0-86400)",
    1080,
    *_MULTIHOMING,
    "How long a MAC stays that is not seen any more",
    "Seconds",
)
_number(
    "evpn mh neigh-holdtime",
    "(0-86400)",
    1080,
    *_MULTIHOMING,
    "How long a neighbour stays that is not seen any more",
    "Seconds",
)
_number(
    "evpn mh startup-delay",
    "(0-3600)",
    180,
    *_MULTIHOMING,
    "How long Ethernet segments stay down after the start",
    "Seconds",
)
_switch("evpn mh redirect-off", *_MULTIHOMING, "Send nothing around to another switch")
_switch("pbr nexthop-resolve", "Policy routing", "Its next hops may be resolved")
_NEXTHOP = ("zebra", "Objects of the kernel for next hops")
_OBJECTS = Effect.NEXTHOP_OBJECTS
_switch(
    "zebra nexthop kernel enable", *_NEXTHOP, "Kernel", "Use", on=True, hidden=True, effect=_OBJECTS
)
_switch(
    "zebra nexthop proto only", *_NEXTHOP, "Protocols", "Theirs only", hidden=True, effect=_OBJECTS
)
_switch("zebra nexthop resolve-via-backup", *_NEXTHOP, "Over backups", on=True, hidden=True)
_switch("ip nht hide-backup-events", "IPv4", "Tracking", "Tell nothing of backups", hidden=True)

_BATCH = "zebra kernel netlink batch-tx-buf"
_BATCH_HELP = ("zebra", "Kernel", "Netlink", "The buffer of a batch", "Bytes", "When to send it")
_SIZES = "(1-1048576)"


@action(
    PROCESS,
    f"{_BATCH} {_SIZES}$size {_SIZES}$limit",
    *_BATCH_HELP,
    hidden=True,
    printer=_printer(_BATCH),
)
def buffers(call: Call) -> None:
    """Our batches have a size of their own."""
    _put(call, _BATCH, "{size} {limit}".format(**call.values), None)


@action(PROCESS, f"no {_BATCH} [{_SIZES} {_SIZES}]", "Not", *_BATCH_HELP, hidden=True)
def no_buffers(call: Call) -> None:
    """The default."""
    _put(call, _BATCH, None, None)


_number(
    "zebra protodown reason-bit",
    "(0-31)",
    7,
    "zebra",
    "Links that a protocol takes down",
    "The bit that tells why",
    "Its number",
    optional=True,
)
