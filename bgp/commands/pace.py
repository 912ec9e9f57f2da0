"""Lines of `router bgp` on what waits after a start, and on how much is done at a time."""

from typing import Any

from bgp.commands.nodes import CONFEDERATION, PACE, Normalised, without_default
from bgp.commands.process import UPDATE_DELAY, check_common, no_delay_without_time
from bgp.config import BgpConfig
from bgp.effects import Effect
from grammar.command import Call, Flag, Reply, Setting, action

_MAX_MED = 4294967294
_HELP = ("BGP", "The confederation of this router")

Setting(
    CONFEDERATION,
    "bgp confederation identifier ![(1-4294967295)$number]",
    *_HELP,
    "AS number that it has towards others",
    "The number",
    fields={"number": "confederation_id"},
    effect=Effect.CONFEDERATION,
)


def _members_lines(bgp: BgpConfig, names: Any) -> list[str]:
    numbers = " ".join(map(str, bgp.confederation_peers))
    return [f"bgp confederation peers {numbers}"] if numbers else []


@action(
    CONFEDERATION,
    "bgp confederation peers (1-4294967295)$number...",
    *_HELP,
    "The other members of it",
    "Their AS numbers",
    negatable=True,
    printer=_members_lines,
)
def _members(call: Call) -> Reply | None:
    bgp: BgpConfig = call.node_object
    typed = call.values["number"]
    numbers = typed if isinstance(typed, list | tuple) else [typed]
    texts = []
    for number in numbers:
        if call.negated:
            bgp.confederation_peers.pop(number, None)
        elif number == bgp.asn:
            texts.append("% Local member-AS not allowed in confed peer list\n")
        else:
            bgp.confederation_peers[number] = None
    call.changed(Effect.CONFEDERATION, bgp)
    return Reply(texts) if texts else None


def _check_delay(call: Call, bgp: BgpConfig) -> None:
    check_common(call, call.daemon.config.update_delay, "update-delay")


def _check_shutdown(call: Call, bgp: BgpConfig) -> None:
    check_common(call, call.daemon.config.graceful_shutdown, "graceful-shutdown")


Normalised(
    PACE,
    UPDATE_DELAY,
    fields={"delay": "update_delay", "wait": "establish_wait"},
    effect=Effect.UPDATE_DELAY,
    check=_check_delay,
    normal=no_delay_without_time,
)


def _startup_lines(bgp: BgpConfig, names: Any) -> list[str]:
    if bgp.max_med_startup is None:
        return []
    value = bgp.max_med_startup_value
    tail = "" if value in (None, _MAX_MED) else f" {value}"
    return [f"bgp max-med on-startup {bgp.max_med_startup}{tail}"]


@action(
    PACE,
    "bgp max-med on-startup ![(5-86400)$seconds [(0-4294967295)$value]]",
    "BGP",
    "Announce routes as the least wanted",
    "After a start",
    "For so many seconds",
    "With this MED",
    negatable=True,
    printer=_startup_lines,
)
def _startup(call: Call) -> None:
    bgp: BgpConfig = call.node_object
    bgp.max_med_startup = None if call.negated else call.values["seconds"]
    bgp.max_med_startup_value = None if call.negated else call.values.get("value", _MAX_MED)
    call.changed(Effect.SOFT_OUT, bgp)


def _administrative_lines(bgp: BgpConfig, names: Any) -> list[str]:
    value = bgp.max_med_administrative
    if value is None:
        return []
    return ["bgp max-med administrative" + ("" if value == _MAX_MED else f" {value}")]


@action(
    PACE,
    "bgp max-med administrative [(0-4294967295)$value]",
    "BGP",
    "Announce routes as the least wanted",
    "Until this line goes",
    "With this MED",
    negatable=True,
    printer=_administrative_lines,
)
def _administrative(call: Call) -> None:
    bgp: BgpConfig = call.node_object
    value = None if call.negated else call.values.get("value", _MAX_MED)
    if bgp.max_med_administrative != value:
        bgp.max_med_administrative = value
        call.changed(Effect.SOFT_OUT, bgp)


def _quanta(word: str, most: int, default: int) -> None:
    """How many packets FRR moves at a time; kept for the configurations that hold it."""
    field = f"{word}_quanta"
    Normalised(
        PACE,
        f"{word}-quanta (1-{most})${field}",
        f"How many packets to {word} in one go",
        "Packets",
        field=field,
        normal=without_default(**{field: default}),
    )


_quanta("write", most=64, default=64)
_quanta("read", most=10, default=10)
Setting(
    PACE,
    "coalesce-time (0-4294967295)$coalesce_time",
    "How long new neighbors wait for others to share their updates",
    "Milliseconds",
    field="coalesce_time",
)
Flag(
    PACE,
    "bgp graceful-shutdown",
    "BGP",
    "Ask neighbors to use other ways: this router goes down",
    field="graceful_shutdown",
    effect=Effect.GRACEFUL_SHUTDOWN,
    check=_check_shutdown,
)
Setting(
    PACE,
    "bgp long-lived-graceful-restart stale-time ![(1-4294967295)$seconds]",
    "BGP",
    "Keep routes of a neighbor that is gone for long",
    "For how long",
    "Seconds",
    fields={"seconds": "long_lived_stale_time"},
    effect=Effect.TIMERS,
)
