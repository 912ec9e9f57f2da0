"""Every declared command of every language: it is reachable, listed, and prints as it is typed.

`parse(unparse(values)) == values` for each setting, with values drawn from its own notation, and
`load(render(configuration)) == configuration` for whole daemons after lines drawn from all of them.
"""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grammar.base.errors import Status
from grammar.base.values import Address, Afi, Prefix
from grammar.command import Action, Command, Entries, Flag, Opens, Setting
from grammar.declared import Language
from grammar.language.match import Match, match
from grammar.language.notation import cache_text, compile_notation, declared_notations
from grammar.language.tokens import (
    AnyOrder,
    Choice,
    Keyword,
    Kind,
    NoSkip,
    Optional,
    Sequence,
    Token,
    Variable,
    leaves,
)
from grammar.language.unparse import check_reversible
from grammar.listing import displayed
from grammar.node import CONFIG, Node
from grammar.session import Session
from pyvtysh.commands import LANGUAGE
from pyvtysh.merged import load_languages
from tests.bgp.commandline import Lines
from tests.zebra.stack import Stack, ethernet

LANGUAGES: dict[str, Language] = {**load_languages(), "vtysh": LANGUAGE}
DAEMONS = ("zebra", "bgpd", "staticd")
PEERS = ("192.0.2.1", "2001:db8::1")

ENTER = {
    "config": (),
    "router bgp": ("router bgp 65001",),
    "address-family ipv4 unicast": ("router bgp 65001", "address-family ipv4 unicast"),
    "address-family ipv6 unicast": ("router bgp 65001", "address-family ipv6 unicast"),
    "route-map": ("route-map RM permit 10",),
    "interface": ("interface prt0",),
    "vrf": ("vrf red",),
    "line vty": ("line vty",),
}
"""The lines that lead from config into a node, by its name."""

Line = tuple[Node, str]


# --- values of a notation ---

_WORDS = st.from_regex(r"[A-Z][A-Z0-9_]{0,8}", fullmatch=True)
_MACS = st.lists(st.integers(0, 255), min_size=6, max_size=6).map(
    lambda parts: ":".join(f"{part:02x}" for part in parts)
)


def _addresses(afi: Afi) -> st.SearchStrategy[Address]:
    return st.integers(0, (1 << afi.bits) - 1).map(lambda value: Address(afi, value))


def _prefixes(afi: Afi) -> st.SearchStrategy[Prefix]:
    numbers = st.integers(0, (1 << afi.bits) - 1)
    return st.builds(Prefix, st.just(afi), numbers, st.integers(0, afi.bits))


def variable_values(variable: Variable) -> st.SearchStrategy[Any]:
    """What a variable gives for the words it takes; words are none of the language's own."""
    match variable.kind:
        case Kind.RANGE:
            numbers = st.integers(variable.low, variable.high)
            some = st.lists(numbers, min_size=1, max_size=3).map(tuple)
            return some if variable.repeat else numbers
        case Kind.IPV4 | Kind.IPV6:
            return _addresses(Afi.IPV4 if variable.kind is Kind.IPV4 else Afi.IPV6)
        case Kind.IPV4_PREFIX | Kind.IPV6_PREFIX:
            return _prefixes(Afi.IPV4 if variable.kind is Kind.IPV4_PREFIX else Afi.IPV6)
        case Kind.MAC:
            return _MACS
        case Kind.MAC_PREFIX:
            return st.builds("{}/{}".format, _MACS, st.integers(0, 48))
        case Kind.REST:
            return st.lists(_WORDS, min_size=1, max_size=3).map(" ".join)
        case Kind.WORD:
            return _WORDS


@st.composite
def values_of(draw: st.DrawFn, token: Token) -> dict[str, Any]:
    """Values for one line of a notation."""
    match token:
        case Keyword():
            return {token.name: token.text} if token.named else {}
        case Variable(name="peer"):
            return {"peer": Address.parse(draw(st.sampled_from(PEERS)))}
        case Variable():
            return {token.name: draw(variable_values(token))}
        case Optional():
            return draw(values_of(token.item)) if draw(st.booleans()) else {}
        case NoSkip():
            return draw(values_of(token.item))
        case Choice() if _names_peer(token):
            return {"peer": Address.parse(draw(st.sampled_from(PEERS)))}
        case Choice():
            return draw(values_of(draw(st.sampled_from(token.items))))
        case Sequence():
            return _together(draw, token.items)
        case AnyOrder():
            chosen = draw(st.sets(st.sampled_from(range(len(token.items))), min_size=1))
            return _together(draw, tuple(token.items[index] for index in sorted(chosen)))


def _names_peer(token: Choice) -> bool:
    return any(leaf.name == "peer" for leaf in leaves(token))


def _together(draw: st.DrawFn, items: tuple[Token, ...]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for item in items:
        found |= draw(values_of(item))
    return found


def tree_of(command: Command) -> Sequence:
    """The notation without the `no` that it may start with."""
    tree = compile_notation(command.notation)
    first = tree.items[0]
    word = first.item if isinstance(first, Optional) else first
    return Sequence(tree.items[1:]) if isinstance(word, Keyword) and word.text == "no" else tree


# --- each command ---


def placed(name: str) -> Iterator[tuple[Command, Node]]:
    """The commands of a language with each node that lists them."""
    language = LANGUAGES[name]
    for node in sorted(language.nodes(), key=lambda node: node.number):
        for command in language.of_node(node):
            if node in command.nodes:
                yield command, node


def printing(name: str) -> list[Any]:
    """The commands of a language that print by themselves."""
    return [
        pytest.param(name, command, node, id=f"{name}:{node.name}:{command.notation}")
        for command, node in placed(name)
        if isinstance(command, Flag | Setting | Entries)
    ]


PRINTING = [each for name in LANGUAGES for each in printing(name)]


def test_every_notation_is_compiled_ahead() -> None:
    import grammar.language.notation as notation

    with open(notation.CACHE) as file:
        assert file.read() == cache_text(declared_notations())


@pytest.mark.parametrize("name", LANGUAGES)
def test_help_is_for_tokens_that_are_there(name: str) -> None:
    for command in LANGUAGES[name].commands():
        assert len(command.help) <= len(leaves(compile_notation(command.notation))), command


@pytest.mark.parametrize("name", DAEMONS)
def test_list_names_every_command(name: str) -> None:
    for node in LANGUAGES[name].nodes():
        session = Session(daemon(name))
        session.enter(node, session.daemon) if node.is_config else session.go(node)
        shown = "".join(session.execute("list").output).splitlines()
        for command in LANGUAGES[name].of_node(node):
            if node in command.nodes and not command.hidden:
                assert {f"    {text}" for text in displayed(command)} <= set(shown), command


SAMPLES = {
    Kind.WORD: "NAME",
    Kind.REST: "SOME WORDS",
    Kind.IPV4: "192.0.2.1",
    Kind.IPV4_PREFIX: "192.0.2.0/24",
    Kind.IPV6: "2001:db8::1",
    Kind.IPV6_PREFIX: "2001:db8::/32",
    Kind.MAC: "02:00:00:00:00:01",
    Kind.MAC_PREFIX: "02:00:00:00:00:00/24",
}


ECLIPSED = {
    ("no ip router-id [A.B.C.D$id]", False),
    ("no router-id [A.B.C.D$id]", False),
    ("no ipv6 router-id [X:X::X:X$id]", False),
}
"""Notations, and whether in full, of lines that an earlier command takes to the same effect."""


def sample(token: Token, full: bool) -> list[str]:
    """A line of a notation: with all that is optional and the last of choices, or the shortest."""
    match token:
        case Keyword():
            return [token.text]
        case Variable():
            return [SAMPLES.get(token.kind) or str(token.high if full else token.low)]
        case Optional():
            return sample(token.item, full) if full else []
        case NoSkip():
            return sample(token.item, full)
        case Choice():
            return sample(token.items[-1 if full else 0], full)
        case Sequence():
            return [word for item in token.items for word in sample(item, full)]
        case AnyOrder():
            return [w for item in token.items[: None if full else 1] for w in sample(item, full)]


@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize("name", LANGUAGES)
def test_every_command_is_reached_by_its_lines(name: str, full: bool) -> None:
    for command, node in placed(name):
        words = " ".join(sample(tree_of(command), full)).split()
        if command.notation.startswith("no "):
            words.insert(0, "no")
        found = match(LANGUAGES[name].graph(node), words)
        assert isinstance(found, Match), (command, words, found)
        assert isinstance(found.command, Command)
        if (command.notation, full) not in ECLIPSED:
            assert found.command.notation == command.notation, words


@pytest.mark.parametrize(("name", "command", "node"), PRINTING)
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_parsing_undoes_printing(
    name: str, command: Command, node: Node, data: st.DataObject
) -> None:
    check_reversible(command.tree)
    values = data.draw(values_of(tree_of(command)))
    line = command.unparse(values)
    assert line is not None
    graph = LANGUAGES[name].graph(node)
    assert match(graph, line.split()) == Match(command, values, False)
    found = match(graph, ["no", *line.split()])
    assert isinstance(found, Match)
    assert found.negated


# --- whole configurations ---


def daemon(name: str) -> Any:
    """A daemon of that name without a process."""
    if name == "bgpd":
        return Lines()
    stack = Stack([ethernet(2, "prt0"), ethernet(3, "prt1")], static=False)
    return stack.zebra if name == "zebra" else stack.staticd


@cache
def lines_of(name: str) -> st.SearchStrategy[list[Line]]:
    """Some configuration lines of a daemon with their nodes, a quarter of them negated."""
    choices = [
        (node, command, tree_of(command))
        for command, node in placed(name)
        if node.is_config and node.name in ENTER and _configures(command)
    ]

    @st.composite
    def line(draw: st.DrawFn) -> Line:
        node, command, tree = draw(st.sampled_from(choices))
        text = command.unparse(draw(values_of(tree)))
        negated = command.notation.startswith("no ") or (
            command.negatable and draw(st.integers(0, 3)) == 0
        )
        return node, f"no {text}" if negated else str(text)

    return st.lists(line(), max_size=12)


def _configures(command: Command) -> bool:
    if isinstance(command, Action) and not isinstance(command, Opens) and not command.negatable:
        return False
    if command.notation.startswith("service "):
        return False  # FRR prints milliseconds as microseconds, and reads them back as such
    try:
        check_reversible(command.tree)
    except ValueError:
        return False
    return True


def prepare(session: Session) -> None:
    """What the drawn lines speak of."""
    if session.daemon.language.name == "bgpd":
        for line in ("router bgp 65001", *(f"neighbor {peer} remote-as 65002" for peer in PEERS)):
            session.execute(line)
    session.go(CONFIG)


def printed(daemon: Any) -> list[str]:
    return list(daemon.language.lines(daemon))


@pytest.mark.parametrize("name", DAEMONS)
@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_loading_undoes_printing(name: str, data: st.DataObject) -> None:
    one, other = daemon(name), daemon(name)
    session = Session(one, CONFIG)
    prepare(session)
    for node, line in data.draw(lines_of(name)):
        if "Null0" in line and "onlink" in line:
            continue  # a gateway over Null0 prints without it, and then may not be on-link
        if line.startswith("vnc redistribute ipv6 ospf"):
            continue  # prints as ospf6, as in FRR, which neither reads
        session.go(CONFIG)
        for enter in ENTER[node.name]:
            session.execute(enter)
        session.execute(line)
    text = printed(one)
    loading = Session(other, CONFIG)
    for line in text:
        reply = loading.execute(line)
        assert reply.status is Status.SUCCESS, (line, "".join(reply.output))
    assert printed(other) == text
    assert plain(other.config) == plain(one.config)


NOT_PRINTED = {"shutdown_message", "vrfs", "instances"}
"""What FRR keeps until the daemon ends and does not print; VRFs that print for their routes."""


DEFAULTS = (("distance", 1), ("tag", 0))
"""Values of static routes that are the same as none."""


def plain(thing: Any) -> Any:
    """Configuration objects as values that can be compared."""
    if is_dataclass(thing):
        values = {field.name: plain(getattr(thing, field.name)) for field in fields(thing)}
        return {
            name: None if (name, value) in DEFAULTS else value
            for name, value in values.items()
            if name not in NOT_PRINTED and not callable(value)  # what a daemon hangs in asks it
        }
    if isinstance(thing, dict):
        empty = [key for key, item in thing.items() if getattr(item, "is_empty", False)]
        return {key: plain(item) for key, item in thing.items() if key not in empty}
    return thing
