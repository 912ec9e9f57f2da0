"""Matching against FRR's ranking; the cases marked FRR were seen on vtysh 8.4.4."""

import time

import pytest

from grammar.base.values import Address, Prefix
from grammar.language.graph import Graph
from grammar.language.match import (
    Ambiguous,
    Incomplete,
    Match,
    Result,
    Unknown,
    match,
    split_words,
    word_columns,
)
from grammar.language.notation import compile_notation

COMMANDS = """
show version
show interface [brief]
show interface brief all
show isis summary
show ip bgp [<A.B.C.D|A.B.C.D/M|X:X::X:X|X:X::X:X/M>$prefix] [json$json]
show ip bgp neighbors [<A.B.C.D|X:X::X:X|WORD>$peer] [json$json]
show ip bgp regexp REGEX...
show ip bgp summary [json$json]
show ip route [A.B.C.D] [json$json]
show ipv6 route
show <ipv4|ipv6>$afi forwarding
ip route A.B.C.D/M$prefix <A.B.C.D|IFNAME>$gate [(1-255)$distance]
ip router-id A.B.C.D
[no] bgp router-id ![A.B.C.D$id]
no debug all
bgp confederation peers (1-4294967295)...
neighbor <A.B.C.D|X:X::X:X|WORD>$peer remote-as <(1-4294967295)|internal|external>$as
prefix NAME permit A.B.C.D/M$p [{ge (0-32)$ge|le (0-32)$le}]
same WORD$a
same NAME$b
clear bgp <*|A.B.C.D|WORD|(1-4294967295)|external>$who [soft [<in|out>$way]]
""".strip().splitlines()


@pytest.fixture(scope="module")
def graph() -> Graph:
    made = Graph()
    for text in COMMANDS:
        made.add(text, compile_notation(text))
    made.add("timers", "neighbor WORD$peer timers ![(0-65535)$keep (0-65535)$hold]", negatable=True)
    return made


def find(graph: Graph, line: str) -> Result:
    return match(graph, split_words(line))


def values(graph: Graph, line: str) -> dict[str, object]:
    result = find(graph, line)
    assert isinstance(result, Match), result
    return result.values


@pytest.mark.parametrize(
    ("line", "result"),
    [
        ("foo", Unknown(0)),
        ("show foo", Unknown(1)),
        ("show ip bgp foo", Unknown(3)),
        ("sh", Incomplete()),
        ("s", Incomplete()),
        ("show ip", Incomplete()),
        ("show i b", Ambiguous(1)),
        ("show ip bgp 10.0.0.0/33", Unknown(3)),
        ("show ip bgp 10.0.0", Unknown(3)),
        ("show ip bgp 300.1.1.1", Unknown(3)),
        ("show version now", Unknown(2)),
        ("show ip bgp regexp", Incomplete()),
        ("", Incomplete()),
    ],
)
def test_lines_that_are_refused(graph: Graph, line: str, result: Result) -> None:
    assert find(graph, line) == result


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("sh ver", "show version"),
        ("show ip b", COMMANDS[4]),
        ("show ip bgp neighbors 1.2.3", COMMANDS[5]),
        ("sh ip bgp sum", COMMANDS[7]),
        ("show interface brief", "show interface [brief]"),
        ("show ip route", COMMANDS[8]),
        ("show ipv6 r", "show ipv6 route"),
    ],
)
def test_abbreviations(graph: Graph, line: str, command: str) -> None:
    result = find(graph, line)
    assert isinstance(result, Match)
    assert result.command == command


def test_a_longer_way_wins_over_an_exact_keyword(graph: Graph) -> None:
    """FRR: the exactly typed `route` leads nowhere, so `route` is read as `router-id`."""
    result = find(graph, "ip route 10.0.0.0")
    assert isinstance(result, Match)
    assert result.command == "ip router-id A.B.C.D"


def test_typed_variables_come_before_words(graph: Graph) -> None:
    assert values(graph, "show ip bgp neighbors 1.2.3.4") == {"peer": Address.parse("1.2.3.4")}
    assert values(graph, "show ip bgp neighbors 1.2.3") == {"peer": "1.2.3"}
    assert values(graph, "show ip bgp neighbors ::1") == {"peer": Address.parse("::1")}
    assert values(graph, "clear bgp 65001 soft in") == {"who": 65001, "way": "in"}


def test_keywords_come_before_words(graph: Graph) -> None:
    assert values(graph, "show ip bgp neighbors json") == {"json": "json"}
    assert values(graph, "show ip bgp neighbors j") == {"json": "json"}
    assert values(graph, "clear bgp *") == {"who": "*"}
    assert values(graph, "clear bgp ext") == {"who": "external"}


def test_prefixes_keep_host_bits(graph: Graph) -> None:
    found = values(graph, "ip route 10.1.2.3/8 192.0.2.1 200")["prefix"]
    assert found == Prefix.parse("10.1.2.3/8", with_host=True)
    assert isinstance(found, Prefix)
    assert str(found.network) == "10.0.0.0/8"


def test_named_choices_and_repeats(graph: Graph) -> None:
    assert values(graph, "show ipv6 forw") == {"afi": "ipv6"}
    assert values(graph, "bgp confederation peers 1 2 3") == {"1_4294967295": (1, 2, 3)}
    assert values(graph, "show ip bgp regexp ^1  2$") == {"regex": "^1 2$"}
    assert values(graph, "neighbor PG remote-as ext") == {"peer": "PG", "as": "external"}


def test_any_order_takes_each_once(graph: Graph) -> None:
    prefix = Prefix.parse("10.0.0.0/8")
    for line in ("prefix P permit 10.0.0.0/8 ge 9 le 24", "prefix P permit 10.0.0.0/8 le 24 ge 9"):
        assert values(graph, line) == {"name": "P", "p": prefix, "ge": 9, "le": 24}
    assert find(graph, "prefix P permit 10.0.0.0/8 ge 9 ge 10") == Unknown(6)
    assert find(graph, "prefix P permit 10.0.0.0/8 ge") == Incomplete()


def test_no_forms(graph: Graph) -> None:
    negated = find(graph, "no neighbor PG timers")
    assert negated == Match("timers", {"peer": "PG"}, True)
    assert find(graph, "neighbor PG timers") == Incomplete()
    assert find(graph, "no bgp router-id") == Match(COMMANDS[13], {}, True)
    assert find(graph, "bgp router-id 1.1.1.1") == Match(
        COMMANDS[13], {"id": Address.parse("1.1.1.1")}, False
    )
    assert find(graph, "no debug all") == Match("no debug all", {}, True)
    assert find(graph, "no show version") == Unknown(1)


def test_the_first_of_two_equal_commands_wins(graph: Graph) -> None:
    assert find(graph, "same thing") == Match("same WORD$a", {"a": "thing"}, False)


def test_words_and_their_columns() -> None:
    line = "  show\tip  bgp\r\n"
    assert split_words(line) == ["show", "ip", "bgp"]
    assert word_columns(line) == [2, 7, 11]
    assert split_words(" \n") == []


def test_a_line_has_at_most_255_words() -> None:
    made = Graph()
    made.add(1, "description LINE...")
    assert isinstance(match(made, ["description", *["word"] * 254]), Match)
    assert match(made, ["description", *["word"] * 255]) == Unknown(255)


def test_a_line_is_matched_quickly() -> None:
    made = Graph()
    for number in range(700):
        made.add(number, f"show ip thing-{number} [<A.B.C.D|WORD>$x] [detail] [json$json]")
    words = split_words("show ip thing-650 1.2.3.4 json")
    match(made, words)
    start = time.perf_counter()
    for _ in range(20):
        match(made, words)
    assert (time.perf_counter() - start) / 20 < 0.001
