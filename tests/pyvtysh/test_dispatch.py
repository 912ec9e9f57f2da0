"""Which daemon gets a line, and what vtysh makes of the answers (FRR 8.4.4's behaviour)."""

import pytest

from grammar.base.errors import Status
from grammar.node import CONFIG, ENABLE, VIEW
from pyvtysh.questions import completions, help_for
from tests.grammar.toy import BARN, STALL
from tests.pyvtysh.farm import Recording, Village


@pytest.fixture
def village() -> Village:
    return Village("zebra", "bgpd")


def test_each_daemon_is_enabled_at_once() -> None:
    village = Village("zebra", "bgpd")
    assert [farm.reactions for farm in village.farms.values()] == [[], []]
    assert village.vtysh.node is ENABLE
    assert village.type("show farm") == ("0 barns\n0 barns\n", 0)


def test_configure_goes_to_all_as_typed(village: Village) -> None:
    assert village.sends("conf t") == [("zebra", "conf t"), ("bgpd", "conf t")]
    assert village.vtysh.node is CONFIG
    assert village.vtysh.prompt == "farm(config)# "


def test_lines_go_out_unexpanded_and_nodes_are_followed(village: Village) -> None:
    village.type("conf t")
    assert village.sends("ba 1") == [("zebra", "ba 1"), ("bgpd", "ba 1")]
    assert village.vtysh.node is BARN
    village.type("stall x")
    assert village.vtysh.node is STALL
    assert village.vtysh.prompt == "farm(config-stall)# "


def test_exit_from_a_block_puts_all_in_step(village: Village) -> None:
    for line in ("conf t", "barn 1"):
        village.type(line)
    assert village.sends("exit") == [
        ("zebra", "exit"),
        ("bgpd", "exit"),
        ("zebra", "end"),
        ("bgpd", "end"),
        ("zebra", "configure"),
        ("bgpd", "configure"),
    ]
    assert village.vtysh.node is CONFIG


def test_a_line_of_a_parent_node_sends_exits_first(village: Village) -> None:
    for line in ("conf t", "barn 1", "stall x"):
        village.type(line)
    assert village.sends("light") == [
        ("zebra", "exit"),
        ("bgpd", "exit"),
        ("zebra", "light"),
        ("bgpd", "light"),
    ]
    assert village.vtysh.node is BARN


def test_an_unknown_line_is_offered_and_leaves_the_node_alone(village: Village) -> None:
    for line in ("conf t", "barn 1", "stall x"):
        village.type(line)
    village.sent.clear()
    assert village.type("show farm") == ("% Unknown command: show farm\n", Status.NO_MATCH)
    assert village.vtysh.node is STALL
    assert ("bgpd", "show farm") in village.sent


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("foo bar", ("% Unknown command: foo bar\n", 2)),
        ("show", ("% Command incomplete: show\n", 4)),
        ("e", ("% Ambiguous command: e\n", 3)),
        ("  show  foo ", ("% Unknown command: show  foo\n", 2)),
        ("", ("", 0)),
        ("! x", ("", 0)),
        ("#x", ("", 0)),
    ],
)
def test_vtyshs_own_errors(village: Village, line: str, answer: tuple[str, int]) -> None:
    assert village.type(line) == answer
    assert village.vtysh.node is ENABLE


def test_the_wrong_word_is_known_for_the_mark(village: Village) -> None:
    village.type("show foo")
    assert village.vtysh.fault == ("show foo", 1)
    village.type("show")
    assert village.vtysh.fault == ("show", 1)
    village.type("show version")
    assert village.vtysh.fault is None


def test_do_goes_to_the_owners_with_do(village: Village) -> None:
    for line in ("conf t", "barn 1"):
        village.type(line)
    assert village.sends("do show farm") == [("zebra", "do show farm"), ("bgpd", "do show farm")]
    assert village.vtysh.node is BARN


def test_a_refusal_stops_the_line_and_the_node_stays(village: Village) -> None:
    village.type("conf t")
    village.sent.clear()
    assert village.type("barn 13") == ("% Nobody builds that\n", Status.CONFIG_FAILED)
    assert village.sent == [("zebra", "barn 13")]
    assert village.vtysh.node is CONFIG


def test_a_line_whose_only_daemon_does_not_run() -> None:
    village = Village("zebra")
    village.vtysh.merged.languages.pop("zebra")
    assert village.type("show farm")[1] == Status.NO_DAEMON
    assert village.errors == ["bgpd is not running\n"]


def test_a_lost_daemon_is_told_about_and_found_again(village: Village) -> None:
    link = village.vtysh.links["bgpd"]
    assert isinstance(link, Recording)
    link.dead = True
    assert village.type("show farm") == ("0 barns\n", 0)
    assert village.errors == ["Warning: closing connection to bgpd because of an I/O error!\n"]
    village.errors.clear()
    assert village.type("show farm") == ("0 barns\n0 barns\n", 0)
    assert "".join(village.errors) == "Warning: connecting to bgpd...success!\n"


def test_show_daemons_and_version_ask_nobody(village: Village) -> None:
    assert village.type("show daemons") == (" zebra bgpd\n", 0)
    assert village.type("show version")[0].startswith("FRRouting 8.4.4 (farm) on Linux(")
    assert village.sent == []


def test_show_logging_has_a_headline_per_daemon(village: Village) -> None:
    text, _ = village.type("show logging")
    assert text.startswith("Logging configuration for zebra:\nSyslog logging: disabled\n")
    assert "\n\nLogging configuration for bgpd:\n" in text
    assert text.endswith("Timestamp precision: 0\n\n")
    assert village.sent == [("zebra", "do show logging"), ("bgpd", "do show logging")]


def test_include_filters_lines(village: Village) -> None:
    head = village.type("show version | include FRR")[0]
    assert head.startswith("FRRouting 8.4.4")
    assert head.count("\n") == 1
    assert village.type("show version | grep FRR") == ("% Unknown action 'grep'\n", 0)
    assert village.type("show version | include") == ("% Need a regexp to filter with\n", 0)
    assert village.type("show version | include [")[0].endswith("% Bad regexp '['\n")
    assert village.type("show foo | include x") == (
        *("% Unknown command: show foo | include x\n", 2),
    )


def test_hostname_is_vtyshs_own(village: Village) -> None:
    village.type("conf t")
    assert village.sends("hostname other") == []
    assert village.vtysh.prompt == "other(config)# "
    village.type("no hostname")
    assert village.vtysh.configured_hostname is None


def test_disable_and_view(village: Village) -> None:
    assert village.sends("disable") == [("zebra", "disable"), ("bgpd", "disable")]
    assert village.vtysh.node is VIEW
    assert village.vtysh.prompt == "farm> "
    assert village.type("configure terminal")[1] == Status.NO_MATCH
    assert village.type("show farm") == ("0 barns\n0 barns\n", 0)
    village.type("enable")
    assert village.vtysh.node is ENABLE


def test_exit_at_the_top_closes(village: Village) -> None:
    assert village.type("exit") == ("", 0)
    assert village.vtysh.closed


def test_list_and_find(village: Village) -> None:
    listed = village.type("list")[0].splitlines()
    assert "    show daemons" in listed
    assert "    show farm [json]" in listed
    assert len(listed) == len(set(listed))
    assert "(barn)  [no] light" in village.type("find light")[0]


def test_help_and_completion_ask_the_daemons_for_values(village: Village) -> None:
    for line in ("conf t", "barn 1", "animal lion kind cat", "animal 10.0.0.1 kind cow"):
        village.type(line)
    rows = help_for(village.vtysh, "animal ")
    assert [row.split()[0] for row in rows] == ["A.B.C.D", "10.0.0.1", "WORD", "lion"]
    assert completions(village.vtysh, "animal li").texts == ["lion"]
    assert completions(village.vtysh, "no ani").texts == ["animal"]
    assert completions(village.vtysh, "do show far").texts == ["farm"]
    assert help_for(village.vtysh, "foo ") == ["% There is no matched command."]
