"""Tab and `?` in FRR's layout and order."""

from collections.abc import Iterable

import pytest

from grammar.language.complete import NO_MATCH, Completions, complete
from grammar.language.graph import Graph
from grammar.language.notation import compile_notation
from grammar.language.tokens import Variable
from grammar.language.words import DEFAULT_HELP, default_help


@pytest.fixture(scope="module")
def graph() -> Graph:
    made = Graph()
    made.add(1, "show ip bgp [A.B.C.D] summary [json]", ["See", "v4", "BGP", "which", "Lines", "J"])
    made.add(2, "show ip bgp neighbors [<A.B.C.D|X:X::X:X|WORD>$peer] [json]")
    made.add(3, "router bgp [(1-4294967295)$as]", {"bgp": "A speaker", "(1-4294967295)": "Its AS"})
    made.add(
        4,
        compile_notation("neighbor WORD$peer timers ![(0-65535)$keep (0-65535)$hold]"),
        ["A", "B", "C", "keep", "hold"],
        negatable=True,
    )
    made.add(5, "neighbor WORD$peer timers connect (1-65535)$connect", ["A", "B", "C", "D", "E"])
    made.add(6, "show ip secret", hidden=True)
    made.add(7, "[no] bgp router-id A.B.C.D", ["the protocol", "the number", "as an address"])
    made.add(8, "description LINE...", ["Text", "words"])
    return made


def lines(graph: Graph, line: str) -> list[str]:
    words = line.split()
    partial = "" if line.endswith(" ") or not words else words.pop()
    return complete(graph, words, partial).help_lines


def texts(found: Completions) -> list[str]:
    return [candidate.text for candidate in found.candidates]


def test_layout_and_order(graph: Graph) -> None:
    assert lines(graph, "show ip bgp neighbors ") == [
        "  <cr>      ",
        "  A.B.C.D   An IPv4 address",
        "  WORD      A word",
        "  X:X::X:X  An IPv6 address",
        "  json      Print JSON",
    ]
    assert lines(graph, "router bgp ") == ["  <cr>            ", "  (1-4294967295)  Its AS"]
    assert lines(graph, "neighbor PG timers ") == ["  (0-65535)  keep", "  connect    D"]


def test_a_partial_word(graph: Graph) -> None:
    assert lines(graph, "sh ip bgp sum") == ["  summary  Lines"]
    assert lines(graph, "r") == ["  router  A routing process"]
    assert lines(graph, "router bgp 65") == ["  (1-4294967295)  Its AS"]
    assert lines(graph, "show ip bgp neighbors 10.0") == [
        "  A.B.C.D  An IPv4 address",
        "  WORD     A word",
    ]
    assert lines(graph, "show ip bgp 10.0.0.300") == [NO_MATCH]


def test_the_top(graph: Graph) -> None:
    assert [line.split()[0] for line in lines(graph, "")] == [
        "bgp",
        "description",
        "neighbor",
        "no",
        "router",
        "show",
    ]


def test_nothing_fits(graph: Graph) -> None:
    assert lines(graph, "foo ") == ["% There is no matched command."]
    assert lines(graph, "show foo") == ["% There is no matched command."]


def test_end_of_a_command(graph: Graph) -> None:
    assert lines(graph, "show ip bgp summary json ") == ["  <cr>  "]
    found = complete(graph, ["show", "ip", "bgp", "summary", "json"], "")
    assert found.complete
    assert found.texts == []


def test_hidden_commands_are_not_offered(graph: Graph) -> None:
    assert texts(complete(graph, ["show", "ip"], "")) == ["bgp"]
    assert not complete(graph, ["show", "ip", "secret"], "").complete


def test_the_no_form(graph: Graph) -> None:
    assert texts(complete(graph, ["no"], "")) == ["bgp", "neighbor"]
    found = complete(graph, ["no", "neighbor", "PG", "timers"], "")
    assert found.complete
    assert texts(found) == ["(0-65535)"]
    assert lines(graph, "no bgp router-id ") == ["  A.B.C.D  as an address"]


def test_the_rest_of_a_line_goes_on(graph: Graph) -> None:
    assert lines(graph, "description ") == ["  LINE  words"]
    assert lines(graph, "description some text ") == ["  <cr>  ", "  LINE  words"]


def test_known_values(graph: Graph) -> None:
    def known(variable: Variable, partial: str) -> Iterable[str]:
        peers = {"A.B.C.D": ["10.0.0.2", "10.0.0.5"], "WORD": ["PG"]}.get(variable.text, [])
        return [peer for peer in peers if peer.startswith(partial)]

    found = complete(graph, ["show", "ip", "bgp", "neighbors"], "", known)
    assert found.help_lines == [
        "  <cr>      ",
        "  A.B.C.D   An IPv4 address",
        "     10.0.0.2 10.0.0.5 ",
        "  WORD      A word",
        "     PG ",
        "  X:X::X:X  An IPv6 address",
        "  json      Print JSON",
    ]
    assert found.texts == ["10.0.0.2", "10.0.0.5", "PG", "json"]
    assert complete(graph, ["show", "ip", "bgp", "neighbors"], "P", known).texts == ["PG"]


def test_known_values_are_asked_for_each_name() -> None:
    made = Graph()
    made.add(1, "show thing NAME$prefix_list")
    made.add(2, "show thing NAME$route_map detail")
    found = complete(made, ["show", "thing"], "", lambda leaf, partial: [leaf.name.upper()])
    assert found.texts == ["PREFIX_LIST", "ROUTE_MAP"]
    assert texts(found) == ["NAME"]


def test_shared_help() -> None:
    assert default_help("show") == DEFAULT_HELP["show"]
    assert default_help("(1-5)") == "A number"
    assert default_help("never-heard-of") == "Never heard of"
    assert default_help("SOME_NAME") == "Some name"
    assert len(DEFAULT_HELP) > 150
    assert all(text and not text.endswith(".") for text in DEFAULT_HELP.values())


@pytest.mark.parametrize(
    ("partial", "offered"),
    [
        ("2", "A.B.C.D A.B.C.D/M X:X::X:X X:X::X:X/M"),
        ("2001", "X:X::X:X X:X::X:X/M"),
        ("2001:db8:", "X:X::X:X X:X::X:X/M"),
        ("2001:db8::/", "X:X::X:X/M"),
        ("2001:db8::/129", ""),
        ("abcde", ""),
        ("4294967296", ""),
        ("::ffff:1.2", "X:X::X:X X:X::X:X/M"),
        ("1.2.3", "A.B.C.D A.B.C.D/M"),
        ("1.2.3.", "A.B.C.D A.B.C.D/M"),
        ("1.2.3.4.", ""),
        ("1..", ""),
        ("01.2.3.4", ""),
        ("1.2.3.4/", "A.B.C.D/M"),
        ("1.2.3.4/33", ""),
        ("/", "A.B.C.D/M"),
        ("g", ""),
    ],
)
def test_addresses_half_typed(partial: str, offered: str) -> None:
    """Seen on FRR 8.4.4 at `show bgp PARTIAL?`."""
    made = Graph()
    made.add(1, "show bgp <A.B.C.D|A.B.C.D/M|X:X::X:X|X:X::X:X/M>")
    assert texts(complete(made, ["show", "bgp"], partial)) == offered.split()


def test_ethernet_addresses_half_typed() -> None:
    made = Graph()
    made.add(1, "mac <X:X:X:X:X:X|X:X:X:X:X:X/M>")
    assert len(complete(made, ["mac"], "00:11").candidates) == 2
    assert texts(complete(made, ["mac"], "00:11:22:33:44:55/4")) == ["X:X:X:X:X:X/M"]
    assert not complete(made, ["mac"], "2001:").candidates
