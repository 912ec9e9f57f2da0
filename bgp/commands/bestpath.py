"""Lines of `router bgp` on how the best path is chosen, in printed order."""

from bgp.commands.nodes import BESTPATH
from bgp.config import BgpConfig
from bgp.effects import Effect
from grammar.command import Call, Flag, Setting, action

_HELP = ("BGP", "How the best path is chosen")

Flag(
    BESTPATH,
    "bgp bestpath as-path ignore",
    *_HELP,
    "By AS path",
    "Leave out the length of the AS path",
    field="bestpath_as_path_ignore",
    effect=Effect.BESTPATH,
)
Flag(
    BESTPATH,
    "bgp bestpath as-path confed",
    *_HELP,
    "By AS path",
    "Count confederations in its length",
    field="bestpath_as_path_confed",
    effect=Effect.BESTPATH,
)


@action(
    BESTPATH,
    "bgp bestpath as-path multipath-relax [<as-set|no-as-set>$set]",
    *_HELP,
    "By AS path",
    "Paths of equal length share the load, whatever their numbers",
    "Announce the union of their numbers",
    "Announce the best path's numbers",
    negatable=True,
    printer=lambda bgp, names: _multipath_relax_lines(bgp),
)
def _multipath_relax(call: Call) -> None:
    bgp: BgpConfig = call.node_object
    bgp.bestpath_multipath_relax = None if call.negated else True
    as_set = not call.negated and call.values.get("set") == "as-set"
    bgp.bestpath_multipath_as_set = True if as_set else None
    call.changed(Effect.BESTPATH, bgp)


def _multipath_relax_lines(bgp: BgpConfig) -> list[str]:
    if not bgp.bestpath_multipath_relax:
        return []
    tail = " as-set" if bgp.bestpath_multipath_as_set else ""
    return [f"bgp bestpath as-path multipath-relax{tail}"]


Flag(
    BESTPATH,
    "bgp route-reflector allow-outbound-policy",
    "BGP",
    "This route reflector",
    "Let outgoing route-maps change routes that are reflected",
    field="route_reflector_outbound_policy",
    effect=Effect.SOFT_OUT,
)
Flag(
    BESTPATH,
    "bgp bestpath compare-routerid",
    *_HELP,
    "Let the lower router id decide between eBGP paths, not the age",
    field="bestpath_compare_routerid",
    effect=Effect.BESTPATH,
)


@action(
    BESTPATH,
    "bgp bestpath med <confed$confed [missing-as-worst$worst]|missing-as-worst$worst"
    " [confed$confed]>",
    *_HELP,
    "By MED",
    "Between paths of one confederation too",
    "A path without MED is worse than any with one",
    "A path without MED is worse than any with one",
    "Between paths of one confederation too",
    negatable=True,
    printer=lambda bgp, names: _med_lines(bgp),
)
def _med(call: Call) -> None:
    bgp: BgpConfig = call.node_object
    wanted = None if call.negated else True
    if "confed" in call.values:
        bgp.bestpath_med_confed = wanted
    if "worst" in call.values:
        bgp.bestpath_med_missing_as_worst = wanted
    call.changed(Effect.BESTPATH, bgp)


def _med_lines(bgp: BgpConfig) -> list[str]:
    words = " confed" if bgp.bestpath_med_confed else ""
    words += " missing-as-worst" if bgp.bestpath_med_missing_as_worst else ""
    return [f"bgp bestpath med{words}"] if words else []


Flag(
    BESTPATH,
    "bgp bestpath peer-type multipath-relax",
    *_HELP,
    "By the kind of neighbor",
    "Paths of eBGP and iBGP neighbors share the load",
    field="bestpath_peer_type_relax",
    effect=Effect.BESTPATH,
)
Setting(
    BESTPATH,
    "bgp bestpath bandwidth ![<ignore|skip-missing|default-weight-for-missing>$choice]",
    *_HELP,
    "By link bandwidth",
    "Leave it out",
    "Leave paths without one out",
    "Paths without one count little",
    fields={"choice": "bestpath_bandwidth"},
    effect=Effect.BESTPATH,
)
