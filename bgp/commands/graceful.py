"""`bgp graceful-restart ...` of an instance, in printed order."""

from bgp.commands.nodes import GRACEFUL, Normalised, without_default
from bgp.config import BgpConfig
from bgp.effects import Effect
from grammar.base.errors import CommandError
from grammar.command import Call, Flag, Reply, action

_GRACEFUL = ("BGP", "Keep forwarding while a neighbor restarts")
_GRACEFUL_CHANGED = "Graceful restart configuration changed, reset all peers to take effect\n"
_GRACEFUL_INVALID = "% The Graceful Restart command used is not valid at this moment.\n"

Normalised(
    GRACEFUL,
    "bgp graceful-restart stalepath-time ![(1-4095)$seconds]",
    *_GRACEFUL,
    "How long stale routes of a restarting neighbor are kept",
    "Seconds",
    fields={"seconds": "graceful_restart_stalepath_time"},
    normal=without_default(seconds=360),
)
Normalised(
    GRACEFUL,
    "bgp graceful-restart restart-time ![(0-4095)$seconds]",
    *_GRACEFUL,
    "How long the own restart may take, as told to neighbors",
    "Seconds",
    fields={"seconds": "graceful_restart_restart_time"},
    normal=without_default(seconds=120),
)


Normalised(
    GRACEFUL,
    "bgp graceful-restart select-defer-time ![(0-3600)$seconds]",
    *_GRACEFUL,
    "How long to wait for neighbors before the best paths are chosen",
    "Seconds",
    fields={"seconds": "graceful_restart_select_defer_time"},
    normal=without_default(seconds=360),
)


def _set_graceful(call: Call, on: str, off: str) -> Reply:
    bgp: BgpConfig = call.node_object
    changed = (getattr(bgp, on) is True) is call.negated
    if not changed:
        raise CommandError(_GRACEFUL_CHANGED + _GRACEFUL_INVALID)
    setattr(bgp, on, None if call.negated else True)
    setattr(bgp, off, None)
    return Reply([_GRACEFUL_CHANGED])


@action(
    GRACEFUL,
    "bgp graceful-restart",
    *_GRACEFUL,
    negatable=True,
    printer=lambda bgp, names: ["bgp graceful-restart"] if bgp.graceful_restart else [],
)
def _graceful_restart(call: Call) -> Reply:
    return _set_graceful(call, "graceful_restart", "graceful_restart_disable")


@action(
    GRACEFUL,
    "bgp graceful-restart-disable",
    "BGP",
    "Do not help neighbors that restart",
    negatable=True,
    printer=lambda bgp, names: (
        ["bgp graceful-restart-disable"] if bgp.graceful_restart_disable else []
    ),
)
def _graceful_restart_disable(call: Call) -> Reply:
    return _set_graceful(call, "graceful_restart_disable", "graceful_restart")


Flag(
    GRACEFUL,
    "bgp graceful-restart preserve-fw-state",
    *_GRACEFUL,
    "Tell neighbors that forwarding went on while this router restarted",
    field="graceful_restart_preserve_fw_state",
    effect=Effect.TIMERS,
)
Flag(
    GRACEFUL,
    "bgp graceful-restart notification",
    *_GRACEFUL,
    "Let sessions that end with a NOTIFICATION restart gracefully too",
    field="graceful_restart_notification",
    effect=Effect.TIMERS,
    default=True,
)
Normalised(
    GRACEFUL,
    "bgp graceful-restart rib-stale-time ![(1-3600)$seconds]",
    *_GRACEFUL,
    "How long zebra keeps the routes of a bgpd that is gone",
    "Seconds",
    fields={"seconds": "graceful_restart_rib_stale_time"},
    normal=without_default(seconds=500),
)
