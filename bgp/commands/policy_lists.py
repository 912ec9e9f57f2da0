"""`bgp community-list`, `extcommunity-list`, `large-community-list`, `as-path access-list` and
`bgp community alias`."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from bgp.policy.communities import (
    community_values,
    extended_list_text,
    extended_values,
    large_values,
    list_text,
)
from bgp.policy.lists import KINDS, BgpLists, ListRule, ValueList, rule_line
from grammar.base.errors import CommandError, Status
from grammar.command import Call, action
from grammar.expression.automaton import expression
from grammar.expression.syntax import ExpressionError
from grammar.filters.model import FilterEffect
from grammar.node import CONFIG
from grammar.scope import Scope, Values

MALFORMED = "% Malformed community-list value"
NOT_THERE = "% Can't find community-list"

AS_PATH_LISTS = Scope((CONFIG,))
COMMUNITY_LISTS = Scope((CONFIG,))
ALIASES = Scope((CONFIG,))


def _lists(call: Call) -> BgpLists:
    lists: BgpLists = call.daemon.config.lists
    return lists


def _changed(call: Call, kind: str, found: ValueList) -> None:
    if found.is_empty:
        _lists(call).by_kind[kind].pop(found.name, None)
    call.changed(FilterEffect.OTHER_LIST, f"{kind} {found.name}")


# --- community lists ---


def _name(values: Values) -> str:
    return str(values["name"])


def _is_expanded(values: Values) -> bool:
    """By the keyword, or by the number."""
    kind = values.get("style")
    return kind == "expanded" if kind is not None else int(_name(values)) >= 100


def _rule(kind: str, values: Values) -> ListRule:
    permit = values["kind"] == "permit"
    words = " ".join(values["words"].split())
    if _is_expanded(values):
        try:
            expression(words)
        except ExpressionError:
            raise CommandError(MALFORMED) from None
        return ListRule(permit, words)
    if kind == "community":
        numbers = community_values(words)
        text = "" if numbers is None else " ".join(map(list_text, numbers))
    elif kind == "extcommunity":
        numbers = extended_values(words)
        text = "" if numbers is None else " ".join(map(extended_list_text, numbers))
    else:
        large = large_values(words)
        if large is None:
            raise CommandError(MALFORMED)
        return ListRule(permit, " ".join(f"{a}:{b}:{c}" for a, b, c in large), large)
    if numbers is None:
        raise CommandError(MALFORMED)
    return ListRule(permit, text, numbers)


def _add(call: Call, kind: str) -> None:
    lists, name = _lists(call).by_kind[kind], _name(call.values)
    if kind == "large-community" and "style" in call.values and name.isdecimal():
        raise CommandError("% Community name cannot have all digits")
    expanded = _is_expanded(call.values)
    found = lists.get(name)
    if found is not None and found.expanded is not expanded:
        # Of large communities FRR says the same of both kinds.
        word = "expanded" if found.expanded or kind == "large-community" else "standard"
        raise CommandError(f"% Community name conflict, previously defined as {word} community")
    rule = _rule(kind, call.values)
    number = call.values.get("seq")
    if found is not None and found.find(rule) is not None:
        return
    if found is None:
        found = lists[name] = ValueList(name=name, expanded=expanded)
    found.put(number, rule)
    _changed(call, kind, found)


def _remove(call: Call, kind: str) -> None:
    found = _lists(call).find(kind, _name(call.values))
    number = None
    if found is None and kind != "large-community":
        raise CommandError(NOT_THERE)
    try:
        rule = _rule(kind, call.values)
    except CommandError:
        if kind == "community" or _dangling(call.values["words"]):
            raise CommandError(NOT_THERE) from None
        raise
    if found is not None and found.expanded is _is_expanded(call.values):
        number = found.find(rule)
    if found is None or number is None:
        raise CommandError(NOT_THERE)
    found.take(number)
    _changed(call, kind, found)


def _dangling(words: str) -> bool:
    return words.split()[-1] in ("rt", "soo")


def _drop(call: Call, kind: str) -> None:
    found = _lists(call).by_kind[kind].pop(_name(call.values), None)
    if found is None:
        raise CommandError(NOT_THERE)
    _changed(call, kind, found)


def _lines(kind: str) -> Any:
    def printed(daemon: Any, names: Values) -> Iterator[str]:
        for found in daemon.config.lists.sorted(kind):
            for number, rule in found.rules.items():
                yield rule_line(kind, found, number, rule)

    return printed


_VARIABLES = {
    "community": ("COMMUNITY_LIST_NAME", "AA:NN", "AA:NN"),
    "extcommunity": ("EXTCOMMUNITY_LIST_NAME", "AA:NN", "LINE"),
    "large-community": ("LCOMMUNITY_LIST_NAME", "AA:BB:CC", "LINE"),
}
_TEXTS = ("BGP", "A list of communities", "Its number", "Of values", "Its name")
_RULE = ("Where the line stands", "Its number", "Refuse what matches", "Take what matches", "What")


def _declare(kind: str) -> None:
    name, standard, expanded = _VARIABLES[kind]
    first = True
    for style, numbers, variable in (
        ("standard", "(1-99)", standard),
        ("expanded", "(100-500)", expanded),
    ):
        head = f"bgp {kind}-list <{numbers}$name|{style}$style {name}$name>"
        tail = f"[seq (0-4294967295)$seq] <deny|permit>$kind {variable}...$words"
        printer = _lines(kind) if first else None
        action(COMMUNITY_LISTS, f"{head} {tail}", *_TEXTS, *_RULE, printer=printer)(
            partial(_add, kind=kind)
        )
        action(COMMUNITY_LISTS, f"no {head} {tail}", "Take back", *_TEXTS, *_RULE)(
            partial(_remove, kind=kind)
        )
        action(COMMUNITY_LISTS, f"no {head}", "Take back", *_TEXTS)(partial(_drop, kind=kind))
        first = False
    if kind == "large-community":
        action(
            COMMUNITY_LISTS, f"no bgp {kind}-list {name}$name", "Take back", *_TEXTS[:2], "Its name"
        )(partial(_drop, kind=kind))


for _kind in KINDS:
    _declare(_kind)


# --- AS paths ---

AS_PATH_CHARACTERS = frozenset("1234567890_^|[,{}() ]$*+.?-\\")
"""What an expression over AS paths may hold."""


def _check_characters(text: str) -> None:
    if not set(text) <= AS_PATH_CHARACTERS:
        raise CommandError(f"Invalid character in as-path access-list {text}")


def _path_rule(values: Values) -> ListRule:
    text = " ".join(values["words"].split())
    try:
        expression(text)
    except ExpressionError:
        raise CommandError(f"can't compile regexp {text}") from None
    _check_characters(text)
    return ListRule(values["kind"] == "permit", text)


def _path_lines(daemon: Any, names: Values) -> Iterator[str]:
    for found in daemon.config.lists.sorted("as-path"):
        for number, rule in found.rules.items():
            yield rule_line("as-path", found, number, rule)


_PATH = "as-path access-list AS_PATH_FILTER_NAME$name"
_PATH_HELP = ("BGP", "AS paths", "A list of expressions", "Its name")
_PATH_RULE = f"{_PATH} [seq (0-4294967295)$seq] <deny|permit>$kind LINE...$words"


@action(AS_PATH_LISTS, f"bgp {_PATH_RULE}", *_PATH_HELP, *_RULE, printer=_path_lines)
def _add_path(call: Call) -> None:
    lists, name = _lists(call).by_kind["as-path"], call.values["name"]
    rule = _path_rule(call.values)
    found = lists.get(name)
    number = call.values.get("seq")
    if found is not None and found.find(rule) is not None:
        return
    if found is None:
        found = lists[name] = ValueList(name=name, expanded=True)
    found.put(number, rule)
    _changed(call, "as-path", found)


def _path_list(call: Call) -> ValueList:
    name = call.values["name"]
    found = _lists(call).find("as-path", name)
    if found is None:
        raise CommandError(f"bgp as-path access-list {name} doesn't exist")
    return found


@action(AS_PATH_LISTS, f"no bgp {_PATH_RULE}", "Take back", *_PATH_HELP, *_RULE)
def _remove_path(call: Call) -> None:
    found = _path_list(call)
    _check_characters(" ".join(call.values["words"].split()))
    text = _path_rule(call.values).text
    # FRR looks for the expression only: neither the number nor permit and deny count.
    number = next((n for n, rule in found.rules.items() if rule.text == text), None)
    if number is None:
        raise CommandError(f"Regex entered {text} does not exist")
    found.take(number)
    _changed(call, "as-path", found)


@action(AS_PATH_LISTS, f"no bgp {_PATH}", "Take back", *_PATH_HELP)
def _drop_path(call: Call) -> None:
    found = _path_list(call)
    found.rules.clear()
    _changed(call, "as-path", found)


# --- aliases ---


def _alias_lines(daemon: Any, names: Values) -> Iterator[str]:
    for community, alias in daemon.config.aliases.items():
        yield f"bgp community alias {community} {alias}"


@action(
    ALIASES,
    "bgp community alias WORD$community ALIAS_NAME$alias",
    "BGP",
    "Communities",
    "Another name for one",
    "The community",
    "The name",
    negatable=True,
    printer=_alias_lines,
)
def _alias(call: Call) -> None:
    aliases: dict[str, str] = call.daemon.config.aliases
    community, alias = call.values["community"], call.values["alias"]
    if community_values(community) is None and large_values(community) is None:
        raise CommandError("Invalid community format", Status.WARNING)
    owner = next((one for one, name in aliases.items() if name == alias), None)
    if call.negated:
        aliases.pop(community, None)
    elif owner is not None:
        text = f"community ({owner}) already has this alias ({alias})"
        raise CommandError(text, Status.WARNING)
    elif community in aliases:
        text = f"alias ({aliases[community]}) already has this community ({community})"
        raise CommandError(text, Status.WARNING)
    else:
        aliases[community] = alias
    call.changed(FilterEffect.OTHER_LIST, f"alias {alias}")
