"""The `match` and `set` lines of route-maps, declared as rows.

A row names its notation once; `clause` turns it into a command of the route-map node. Which of them
a daemon acts on is told by the daemon, by their keys. Rows that every daemon takes are here.
"""

from collections.abc import Callable
from typing import Any

from grammar.base.errors import CommandError
from grammar.base.values import Address
from grammar.command import Call, Command, Reply
from grammar.filters.model import FilterEffect
from grammar.filters.routemap import Line, MapEntry
from grammar.node import ROUTE_MAP
from grammar.scope import Scope, Values

Argument = Callable[[Values], Any]
"""What a line means to the daemon; `CommandError` refuses the line."""

MALFORMED = "Argument form is unsupported or malformed.\n"
TYPED = " typed"
"""Under this name a row finds the last word of the line, which tells `+5` from `5`."""
INVALID = "% Configuration failed.\n\nError type: validation\n"


class Clause(Command):
    """One kind of `match` or `set` line.

    `key` is what a line takes the place of. `argument` reads the values (without one: the only
    value, or True), `text` gives the printed line where it is not what was typed, `lists` what
    the line refers to (`listed` goes ahead of its name). `no` is a `no` form of another shape.
    """

    negatable = True

    def __init__(
        self,
        scope: Scope,
        notation: str,
        *help: str,
        key: str,
        argument: Argument | None = None,
        text: Callable[[Values], str] | None = None,
        refers: FilterEffect | None = None,
        listed: str = "",
        no: str | None = None,
        alias: tuple[str, ...] = (),
        hidden: bool = False,
    ) -> None:
        super().__init__(scope, notation, *help, alias=alias, hidden=hidden)
        self.negatable = no is None  # type: ignore[misc]  # a row may have a form of its own
        if no is not None:
            Unset(scope, no, "Take a line back", key=key)
        self.key = key
        self.argument = argument or _only_value
        self.text = text
        self.refers = refers
        self.listed = listed

    def run(self, call: Call) -> Reply | None:
        """Enter the line into the entry, or take it out whatever its value is."""
        entry: MapEntry = call.node_object
        if call.negated:
            if entry.lines.pop(self.key, None) is not None:
                call.changed(FilterEffect.ROUTE_MAP, entry.name)
            return None
        odd = None
        values = {**call.values, TYPED: call.line.split()[-1]}
        try:
            argument = self.argument(values)
        except MalformedError:
            # FRR complains, keeps the line and prints it; it does nothing.
            argument, odd = None, f"% [{call.daemon.language.tag}] {MALFORMED}"
        line = Line(self.key, self._text(values), argument, self._lists(call.values))
        if entry.lines.get(self.key) == line:
            return None
        entry.lines[self.key] = line
        call.changed(FilterEffect.ROUTE_MAP, entry.name)
        return None if odd is None else Reply([odd])

    def _text(self, values: Values) -> str:
        if self.text is not None:
            return self.text(values)
        text = self.unparse({name: _canonical(v) for name, v in values.items() if name != TYPED})
        assert text is not None
        return text

    def _lists(self, values: Values) -> tuple[tuple[str, str], ...]:
        name = values.get("list")
        if self.refers is None or name is None:
            return ()
        return ((self.refers.name, f"{self.listed}{name}"),)


class Unset(Command):
    """A `no` form that is not the line with `no` in front."""

    def __init__(self, scope: Scope, notation: str, *help: str, key: str) -> None:
        super().__init__(scope, notation, *help)
        self.key = key

    def run(self, call: Call) -> None:
        """Take the line out."""
        entry: MapEntry = call.node_object
        if entry.lines.pop(self.key, None) is not None:
            call.changed(FilterEffect.ROUTE_MAP, entry.name)


class MalformedError(Exception):
    """The value of a `set` line means nothing."""


def _only_value(values: Values) -> Any:
    found = {name: value for name, value in values.items() if name != TYPED}
    return next(iter(found.values()), True)


def _canonical(value: Any) -> Any:
    return " ".join(value.split()) if isinstance(value, str) else value


def _next_hop(values: Values) -> Address:
    address: Address = values["address"]
    if address.value == 0 or address.value >> 28 >= 0xE:
        raise CommandError(INVALID)
    return address


def _local(values: Values) -> Address:
    address: Address = values["address"]
    if not address.is_link_local:
        raise CommandError(INVALID)
    return address


def metric(values: Values) -> tuple[str, int | None]:
    """(sign, number) of `set metric`; the number None is the round trip time."""
    words = [str(values[name]) for name in ("rtt", "plus", "minus") if name in values]
    word: str = words[0] if words else values[TYPED]
    sign = word[0] if word[0] in "+-" else ""
    digits = word.lstrip("+-")
    if digits == "rtt":
        return sign, None
    if sign == "+" and int(digits) == 0:
        raise CommandError(f"{INVALID}Error description: Can't add zero to metric")
    return sign, int(digits)


COMMON = Scope((ROUTE_MAP,))
"""The lines that every daemon takes."""


def lists_clauses(scope: Scope, word: str, what: str, help: str) -> None:
    """`match ip address NAME` and `match ip address prefix-list NAME`, for one family and thing."""
    number = 4 if word == "ip" else 6
    family = "IPv4" if word == "ip" else "IPv6"
    Clause(
        scope,
        f"match {word} {what} ![ACCESSLIST{number}_NAME$list]",
        "Only routes with",
        family,
        help,
        "That an access-list permits",
        key=f"{word} {what}",
        refers=FilterEffect.ACCESS_LIST,
    )
    Clause(
        scope,
        f"match {word} {what} prefix-list ![PREFIXLIST_NAME$list]",
        "Only routes with",
        family,
        help,
        "That a prefix-list permits",
        "Its name",
        key=f"{word} {what} prefix-list",
        refers=FilterEffect.PREFIX_LIST,
    )


def _common_matches() -> None:
    match = "Only routes with"
    Clause(
        COMMON,
        "match interface ![IFNAME$name]",
        match,
        "A next hop on an interface",
        "Its name",
        key="interface",
    )
    lists_clauses(COMMON, "ip", "address", "Prefix of the route")
    lists_clauses(COMMON, "ip", "next-hop", "Its next hop")
    lists_clauses(COMMON, "ipv6", "address", "Prefix of the route")
    for word in ("ip", "ipv6"):
        Clause(
            COMMON,
            f"match {word} next-hop type ![<blackhole>$type]",
            match,
            word.upper(),
            "Its next hop",
            "The kind of next hop",
            "None: what is sent there is dropped",
            key=f"{word} next-hop type",
        )
    Clause(
        COMMON,
        "match metric ![(0-4294967295)$number]",
        match,
        "A metric",
        "The number",
        key="metric",
    )
    Clause(COMMON, "match tag ![(1-4294967295)$number]", match, "A tag", "The number", key="tag")


def _common_sets() -> None:
    sets = "Change the"
    Clause(
        COMMON,
        "set ip next-hop ![A.B.C.D$address]",
        sets,
        "IPv4",
        "Next hop",
        "The address",
        key="set ip next-hop",
        argument=_next_hop,
    )
    Clause(
        COMMON,
        "set ipv6 next-hop local ![X:X::X:X$address]",
        sets,
        "IPv6",
        "Next hop",
        "Its link-local address",
        "The address",
        key="set ipv6 next-hop local",
        argument=_local,
    )
    Clause(
        COMMON,
        "set metric <(-4294967295-4294967295)$number|rtt$rtt|+rtt$plus|-rtt$minus>",
        sets,
        "Metric",
        "The number, or what to add or take",
        "The round trip time",
        "Add it",
        "Take it",
        key="set metric",
        argument=metric,
        text=lambda values: f"set metric {values[TYPED]}"
        if "number" in values
        else "set metric " + next(str(values[w]) for w in ("rtt", "plus", "minus") if w in values),
        no="no set metric [OPTVAL]",
    )
    Clause(COMMON, "set tag ![(1-4294967295)$number]", sets, "Tag", "The number", key="set tag")
    Clause(
        COMMON,
        "set sr-te color ![(1-4294967295)$number]",
        sets,
        "Segment routing",
        "Colour",
        "The number",
        key="set sr-te color",
    )


_common_matches()
_common_sets()
