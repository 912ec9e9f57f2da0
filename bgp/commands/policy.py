"""Route-maps and lists of bgpd, their shows, and the warning of a map that does not exist."""

from functools import partial

from bgp.commands.nodes import GLOBAL, SHOW
from bgp.commands.policy_lists import ALIASES, AS_PATH_LISTS, COMMUNITY_LISTS
from bgp.commands.policy_match import MATCHES
from bgp.commands.policy_set import SETS
from bgp.policy.lists import ValueList
from grammar.base.errors import CommandError, Status
from grammar.command import Call, Reply, action, fragment
from grammar.filters.accesslist import ACCESS_LISTS
from grammar.filters.clauses import COMMON
from grammar.filters.mapcommands import DEBUG_ROUTE_MAP as DEBUG_ROUTE_MAP
from grammar.filters.mapcommands import MAP as MAP
from grammar.filters.mapcommands import route_maps
from grammar.filters.prefixlist import PREFIX_LISTS
from grammar.filters.showcommands import SHOW_LISTS
from grammar.node import CONFIG
from grammar.output.jsonc import Json, pretty
from grammar.scope import Scope

OPENING, ROUTE_MAPS = route_maps(COMMON, MATCHES, SETS)

DELAY = Scope((CONFIG,), lambda daemon, values: daemon.config, lambda daemon: [({}, daemon.config)])

LISTS: tuple[Scope, ...] = (
    ACCESS_LISTS,
    PREFIX_LISTS,
    AS_PATH_LISTS,
    COMMUNITY_LISTS,
    ALIASES,
    OPENING,
    ROUTE_MAPS,
)
"""The scopes of the config node in printed order."""

SHOWS: tuple[Scope, ...] = (SHOW_LISTS,)


def missing_map(call: Call, name: str | None) -> list[str]:
    """FRR's remark if a line names a route-map that does not exist; such a map denies all."""
    if name is None or name in call.daemon.config.filters.route_maps:
        return []
    return [f"The route-map '{name}' does not exist.\n"]


def warn_missing(call: Call, name: str | None) -> Reply | None:
    """That remark as the answer of a line that was taken."""
    texts = missing_map(call, name)
    return Reply(texts) if texts else None


# --- shows of bgpd's own lists ---

_TITLES = {
    "community": ("Community", "Community"),
    "extcommunity": ("Extended community", "extended community"),
    "large-community": ("Large community", "large community"),
}


def _title(kind: str, found: ValueList) -> str:
    numbered, named = _TITLES[kind]
    style = "expanded" if found.expanded else "standard"
    if not found.name.isdigit():
        return f"Named {named} {style} list {found.name}"
    if found.expanded:
        return f"{numbered} (expanded) access list {found.name}"
    return f"{numbered} standard list {found.name}"


def _text(title: str, found: ValueList) -> list[str]:
    words = {True: "permit", False: "deny"}
    rows = [f"    {words[rule.permit]} {rule.text}\n" for rule in found.rules.values()]
    return [f"{title}\n", *rows]


def _show_lists(call: Call, kind: str) -> Reply:
    lists = call.daemon.config.lists
    return Reply([t for found in lists.sorted(kind) for t in _text(_title(kind, found), found)])


def _show_list(call: Call, kind: str) -> Reply:
    found = call.daemon.config.lists.find(kind, str(call.values["name"]))
    if found is None:
        raise CommandError(f"% Can't find {kind}-list", Status.WARNING)
    return Reply(_text(_title(kind, found), found))


for _kind, _name in (
    ("community", "COMMUNITY"),
    ("extcommunity", "EXTCOMMUNITY"),
    ("large-community", "LCOMMUNITY"),
):
    _texts = ("Show", "BGP", "Lists of communities")
    action(SHOW, f"show bgp {_kind}-list", *_texts)(partial(_show_lists, kind=_kind))
    action(
        SHOW,
        f"show bgp {_kind}-list <(1-500)|{_name}_LIST_NAME>$name detail",
        *_texts,
        "Its number",
        "Its name",
        "All of it",
    )(partial(_show_list, kind=_kind))


def _show_paths(call: Call) -> Reply:
    name = call.values.get("name")
    lists = [one for one in call.daemon.config.lists.sorted("as-path") if name in (None, one.name)]
    if not call.values.get("json"):
        return Reply([t for one in lists for t in _text(f"AS path access list {one.name}", one)])
    value: dict[str, Json] = {
        one.name: [
            {
                "sequenceNumber": number,
                "type": "permit" if rule.permit else "deny",
                "regExp": rule.text,
            }
            for number, rule in one.rules.items()
        ]
        for one in lists
    }
    return Reply([pretty(value) + "\n"])


for _word in ("bgp", "ip"):
    for _variable in ("AS_PATH_FILTER_NAME$name ", ""):
        action(
            SHOW,
            f"show {_word} as-path-access-list {_variable}[json$json]",
            "Show",
            _word.upper(),
            "Lists of expressions",
            *(("Its name",) if _variable else ()),
            "As JSON",
        )(_show_paths)


# --- the delay of changes ---


def _delay_lines(config: object, names: object) -> list[str]:
    seconds = getattr(config, "route_map_delay", None)
    return [] if seconds is None else [f"bgp route-map delay-timer {seconds}"]


def _delay(call: Call) -> None:
    seconds = None if call.negated else call.values["seconds"]
    call.daemon.config.route_map_delay = None if seconds == 5 else seconds


_DELAY = fragment(
    "bgp route-map delay-timer ![(0-600)$seconds]",
    "BGP",
    "Route-maps",
    "How long to wait before a change has effect",
    "Seconds",
)
action(DELAY, _DELAY, negatable=True, printer=_delay_lines)(_delay)
# `router bgp` takes it too, for all instances; it does not print it.
action(GLOBAL, _DELAY, negatable=True)(_delay)
