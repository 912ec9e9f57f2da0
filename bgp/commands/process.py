"""Lines of the config node that are about all instances at once, in printed order.

Where an instance has such a line itself FRR refuses the common one, and the other way round.
"""

from collections.abc import Iterator
from typing import Any

from bgp.commands.nodes import Normalised, without_default
from bgp.config import SESSION_DSCP, BgpdConfig
from bgp.effects import Effect
from grammar.base.errors import CommandError, Status
from grammar.command import Call, Command, Flag, Reply, action, fragment
from grammar.node import CONFIG
from grammar.scope import Scope, Values

_ESTABLISH_WAIT = "%Failed: update-delay less than the establish-wait!"


def _config(daemon: Any, values: Values) -> BgpdConfig:
    config: BgpdConfig = daemon.config
    return config


UPDATE_DELAY = fragment(
    "update-delay ![(0-3600)$delay [(1-3600)$wait]]",
    "Announce nothing after a start until routes were learnt",
    "At most so many seconds",
    "Only of neighbors that come up within so many seconds",
)

PROCESS = Scope((CONFIG,), _config, lambda daemon: [({}, daemon.config)])
"""Lines of all instances."""


def _check_instances(config: BgpdConfig, what: str, field: str, text: str) -> None:
    """Refuse a line that instances have themselves."""
    found = [each for each in config.instances.values() if getattr(each, field) is not None]
    if found:
        told = [f"% {what} configuration found in vrf {each.vrf or 'default'}\n" for each in found]
        raise CommandError("".join(told) + text, Status.WARNING)


def _check_delay(call: Call, config: BgpdConfig) -> None:
    if not call.negated:
        text = "%Failed: global update-delay config not permitted"
        _check_instances(config, "update-delay", "update_delay", text)


def _check_shutdown(call: Call, config: BgpdConfig) -> None:
    if not call.negated:
        text = "%Failed: global graceful-shutdown not permitted"
        _check_instances(config, "graceful-shutdown", "graceful_shutdown", text)


def check_common(call: Call, common: object, what: str) -> None:
    """Refuse a line of an instance that stands for all of them already."""
    if common is None:
        return
    if call.negated:
        raise CommandError(f"%Failed: bgp {what} configured globally. Delete per-vrf not permitted")
    raise CommandError(f"%Failed: per-vrf {what} config not permitted with global {what}")


def no_delay_without_time(values: dict[str, Any]) -> dict[str, Any]:
    """`update-delay 0` is none; to wait for neighbors all the time needs no number."""
    wait = values.get("wait")
    if wait is not None and wait > values["delay"]:
        raise CommandError(_ESTABLISH_WAIT)
    if wait == values["delay"]:
        return {"delay": values["delay"]}
    return values if values["delay"] else {}


class _TellsDaemon(Command):
    """A line of the process, told to the daemon."""

    def run(self, call: Call) -> Any:
        changes = call.session.changes
        before = len(changes)
        answer = super().run(call)
        effects = {change.effect for change in changes[before:]}
        del changes[before:]
        for effect in effects:
            call.changed(effect, call.daemon)
        return answer


class _OfAll(_TellsDaemon, Normalised):
    """A setting."""


class _FlagOfAll(_TellsDaemon, Flag):
    """A switch."""


class _Delay(_OfAll):
    """`bgp update-delay`, which takes those of the instances with it when it goes."""

    def run(self, call: Call) -> Any:
        answer = super().run(call)
        if call.negated:
            for bgp in call.daemon.config.instances.values():
                if bgp.update_delay is not None:
                    bgp.update_delay = bgp.establish_wait = None
                    call.changed(Effect.UPDATE_DELAY, bgp)
        return answer


_Delay(
    PROCESS,
    fragment("bgp", "BGP") + UPDATE_DELAY,
    fields={"delay": "update_delay", "wait": "establish_wait"},
    effect=Effect.UPDATE_DELAY,
    check=_check_delay,
    normal=no_delay_without_time,
)
_FlagOfAll(
    PROCESS,
    "bgp suppress-fib-pending",
    "BGP",
    "Announce only routes that the kernel has",
    field="suppress_fib_pending",
    effect=Effect.SUPPRESS,
)
_FlagOfAll(
    PROCESS,
    "bgp graceful-shutdown",
    "BGP",
    "Ask neighbors to use other ways: this router goes down",
    field="graceful_shutdown",
    effect=Effect.GRACEFUL_SHUTDOWN,
    check=_check_shutdown,
)


def _no_rib_lines(config: BgpdConfig, names: Values) -> Iterator[str]:
    if config.no_rib:
        yield "bgp no-rib"


@action(
    PROCESS,
    "bgp no-rib",
    "BGP",
    "Give zebra no routes",
    negatable=True,
    printer=_no_rib_lines,
)
def _no_rib(call: Call) -> Reply | None:
    config: BgpdConfig = call.target()
    if bool(config.no_rib) is not call.negated:
        state = "not" if call.negated else "already"
        return Reply([f"% No-RIB option is {state} set, nothing to do here.\n"])
    config.no_rib = None if call.negated else True
    call.changed(Effect.PROCESS, call.daemon)
    return None


_FlagOfAll(
    PROCESS,
    "bgp send-extra-data zebra",
    "BGP",
    "Tell others more of routes",
    "zebra: AS path and communities",
    field="send_extra_data",
    effect=Effect.PROCESS,
)
_OfAll(
    PROCESS,
    "bgp session-dscp ![(0-63)$session_dscp]",
    "BGP",
    "Differentiated services code point of sessions",
    "The code point",
    field="session_dscp",
    effect=Effect.PROCESS,
    normal=without_default(session_dscp=SESSION_DSCP),
)
