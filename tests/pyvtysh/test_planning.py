"""Lines of configuration given by `vtysh -c`: the same goes to the same daemons as by `Vtysh`."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grammar.command import Opens
from grammar.language.graph import State
from grammar.node import ENABLE, Node
from pyvtysh.commands import LANGUAGE
from pyvtysh.dispatch import Vtysh, collect
from pyvtysh.link import Running
from pyvtysh.merged import ORDER, MergedLanguage, load_languages
from pyvtysh.oneshot import NotPlainError, Step, planned
from tests.pyvtysh.test_table import ODD, word_for

LANGUAGES = load_languages()
Sent = list[tuple[str, str]]


class Recording:
    """A daemon that takes every line and says nothing."""

    def __init__(self, name: str, sent: Sent) -> None:
        self.name = name
        self._sent = sent

    def run(self, line: str) -> Running:
        self._sent.append((self.name, line))
        yield from ()
        return 0

    def close(self) -> None:
        """Nothing is open."""


def fresh() -> tuple[Vtysh, Sent]:
    """A vtysh with all of FRR's daemons, and what they were sent."""
    sent: Sent = []
    vtysh = Vtysh(LANGUAGE, {}, lambda name: Recording(name, sent), str, "/nonexistent")
    vtysh.merged = MERGED
    vtysh.connect()
    sent.clear()
    return vtysh, sent


MERGED = MergedLanguage(LANGUAGE, LANGUAGES)


def sent_by(steps: list[Step]) -> Iterator[tuple[str, str]]:
    """What goes out for steps when every daemon runs and takes every line."""
    for kind, line, names in steps:
        if kind != "tell":
            yield from ((name, line) for name in (names.split(",") if names else ORDER))


@st.composite
def lines(draw: st.DrawFn) -> list[str]:
    """`configure` and lines behind it, most of them known in the node that they are typed in."""
    vtysh, _ = fresh()
    typed = [draw(st.sampled_from(["configure terminal", "conf t", "configure"]))]
    collect(vtysh.execute(typed[0]))
    for _ in range(draw(st.integers(1, 10))):
        line = draw(_line(vtysh.node))
        typed.append(line)
        collect(vtysh.execute(line))
        if vtysh.closed:
            break
    return typed


@st.composite
def _line(draw: st.DrawFn, node: Node) -> str:
    if node is ENABLE:  # lines of vtysh's own do things here: write, ping
        return draw(
            st.sampled_from(["conf t", "configure", "end", "show version", "show ip route"])
        )
    if draw(st.integers(0, 4)) == 0:
        return draw(st.sampled_from(["exit", "quit", "end", "do show version", "do clear bgp *"]))
    while node.parent is not None and draw(st.integers(0, 3)) == 0:
        node = node.parent  # a line of a node above
    words: list[str] = []
    if draw(st.booleans()) and (openings := _openings(node)):
        state: State = MERGED.graph(node).root
        word = draw(st.sampled_from(openings))
        words, state = [word], state.keywords[word].open()
    else:
        state = MERGED.graph(node).root
    while True:
        state.open()
        edges = [*state.keywords.items(), *state.variables]
        if not edges or (state.ends and draw(st.booleans())) or len(words) > 12:
            break
        label, state = draw(st.sampled_from(edges))
        words.append(draw(word_for(label)))
    if draw(st.integers(0, 15)) == 0:
        words.append(draw(st.sampled_from(ODD)))
    return " " * draw(st.integers(0, 2)) + " ".join(words)


def _openings(node: Node) -> list[str]:
    commands = [route.command for route in MERGED.routes(node)]
    words = {c.notation.split()[0] for c in commands if isinstance(c, Opens)}
    return sorted(words & MERGED.graph(node).root.keywords.keys())


@given(lines())
def test_the_same_goes_to_the_same_daemons(typed: list[str]) -> None:
    try:
        plan = planned(typed)
    except NotPlainError:
        return
    vtysh, sent = fresh()
    for line, steps in plan:
        sent.clear()
        _, status = collect(vtysh.execute(line))
        refused = [int(status) for kind, _, status in steps if kind == "refuse"]
        if refused:
            assert (sent, [status], len(steps)) == ([], refused, 1), (line, vtysh.node)
            return
        assert (sent, status) == (list(sent_by(steps)), 0), (line, vtysh.node)


def test_a_usual_chain_is_planned() -> None:
    plan = planned(
        [
            *("conf t", "router bgp 65001", "neighbor 10.0.0.2 remote-as 65002"),
            *("address-family ipv4 unicast", " network 10.0.0.0/8", "exit-address-family", "exit"),
            *("ip route 10.0.0.0/8 blackhole", "do show ip route", "end", "show running-config"),
        ]
    )
    assert [steps[0][0] for _, steps in plan] == [
        *("all", "ask", "ask", "ask", "ask", "each", "each", "ask", "ask", "all", "tell")
    ]
    assert plan[6][1] == [("each", "exit", "bgpd"), ("each", "end", ""), ("each", "configure", "")]


def test_a_line_of_a_node_above_leaves_the_nodes_below() -> None:
    plan = planned(["conf t", "router bgp 1", "address-family ipv4 unicast", "interface eth0"])
    assert [step[:2] for step in plan[-1][1]] == [
        ("each", "exit"),
        ("each", "exit"),
        ("each", "end"),
        ("each", "configure"),
        ("ask", "interface eth0"),
    ]


def test_a_line_that_is_only_begun_is_refused_where_it_stands() -> None:
    plan = planned(
        ["conf t", "router bgp 1", " no neighbor 10.0.0.1 route-map x", "ip route 10.0.0.0/8"]
    )
    assert [steps[0] for _, steps in plan[2:]] == [
        ("refuse", " no neighbor 10.0.0.1 route-map x", "4"),
        ("refuse", "ip route 10.0.0.0/8", "2"),
    ]


@pytest.mark.parametrize(
    "typed",
    [
        ["configure", "hostname x"],
        ["configure", "no service integrated-vtysh-config"],
        ["configure", "router bgp 1", "nonsense"],
        ["configure", "neighbor"],
        ["configure", "router ospf", "ip route 10.0.0.0/8 blackhole"],
        ["configure", "write"],
        ["configure", "do write"],
        ["configure", "nonsense"],
        ["configure", "exit", "exit"],
        ["configure", "configure"],
    ],
)
def test_what_is_not_plain(typed: list[str]) -> None:
    with pytest.raises(NotPlainError):
        planned(typed)
