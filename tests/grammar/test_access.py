"""Sessions that may only look: what is refused and hidden; and what is written down of others."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grammar.access import looks
from grammar.audit import KEPT, Audit, Entry, Result, told
from grammar.base.clock import FakeClock
from grammar.base.errors import Status
from grammar.base.log import Level
from grammar.node import CONFIG, ENABLE, VIEW
from grammar.secrets import masked, masked_lines
from grammar.session import Session
from pyvtysh.host.clients import Door
from pyvtysh.merged import load_languages
from tests.bgp.commandline import Lines, Terminal
from tests.grammar.toy import Farm

REFUSED = "% This session is read-only: {}\n"
CHANGING = (
    *("configure", "configure terminal", "write", "write file", "write memory"),
    *("copy running-config startup-config", "clear bgp *", "clear ip bgp * soft in"),
    *("debug bgp updates", "no debug bgp updates", "logmsg errors x", "clear thread cpu"),
    *("conf t", "wr", "cle bgp *"),
)
LOOKING = (
    *("enable", "show bgp summary", "list", "find x", "terminal length 0", "write terminal"),
    *("show running-config", "do show version", "who", "echo x", "no terminal monitor"),
    *("debug prefix-list X match 10.0.0.0/8", "sh ver", "disable", "show history"),
)
SECRETS = {
    "password p w": "password <hidden>",
    "enable password 8 Xy": "enable password 8 <hidden>",
    "en p x": "en p <hidden>",
    " neighbor 192.0.2.1 password a b": " neighbor 192.0.2.1 password <hidden>",
    "neighbor PG passw x": "neighbor PG passw <hidden>",
    "no neighbor PG password x": "no neighbor PG password <hidden>",
    "ip ospf message-digest-key 1 md5 K": "ip ospf message-digest-key 1 md5 <hidden>",
    "ip ospf authentication-key K": "ip ospf authentication-key <hidden>",
    "key-string K": "key-string <hidden>",
    "isis password clear K": "isis password clear <hidden>",
    "area-password md5 K": "area-password md5 <hidden>",
    "ip rip authentication string K": "ip rip authentication string <hidden>",
}
PLAIN = (
    *("neighbor 192.0.2.1 passive", "neighbor PG peer-group", "no password", "router bgp 1"),
    *("match ip address prefix-list P", "service password-encryption", "pbr-map P seq 1"),
)


def viewer(node: object = ENABLE) -> Terminal:
    terminal = Terminal(ENABLE)
    if node is CONFIG:
        terminal.session.go(CONFIG)
    terminal.session.read_only = True
    return terminal


@pytest.mark.parametrize("line", CHANGING)
def test_what_changes_is_refused(line: str) -> None:
    assert viewer().type(line) == (Status.READ_ONLY, REFUSED.format(line))


@pytest.mark.parametrize("line", LOOKING)
def test_what_looks_is_answered(line: str) -> None:
    status, text = viewer().type(line)
    assert status in (Status.SUCCESS, Status.WARNING)
    assert "read-only" not in text


@pytest.mark.parametrize("name", sorted(load_languages()))
def test_every_line_of_a_configuration_is_one_that_changes(name: str) -> None:
    """But those that lead to another block and those that only tell; FRR's view node looks."""
    language = load_languages()[name]
    tell = ("show", "list", "find", "echo", "terminal", "help", "autocomplete", "exit", "quit")
    for node in language.nodes():
        for command in language.of_node(node):
            for notation in command.notations():
                first = notation.split()[0]
                if node is VIEW:
                    assert looks(notation), notation
                elif node.is_config and first not in (*tell, "end"):
                    assert first == "enable" or not looks(notation), (node.name, notation)


def test_words_of_blocks_do_not_pass_for_those_of_the_enable_node() -> None:
    terminal = viewer(CONFIG)
    assert terminal.type("enable password x")[0] == Status.READ_ONLY
    assert terminal.type("router bgp 65001")[0] == Status.READ_ONLY
    assert terminal.type("do clear bgp *")[0] == Status.READ_ONLY
    assert terminal.type("do show version")[0] == Status.SUCCESS
    assert terminal.daemon.common.enable_password is None


def test_a_session_that_gave_its_rights_away_does_not_get_them_back() -> None:
    terminal = Terminal(ENABLE)
    assert terminal.type("terminal read-only") == (0, "")
    assert terminal.type("enable", "configure terminal")[0] == Status.READ_ONLY
    assert terminal.type("disable", "enable", "configure")[0] == Status.READ_ONLY


def test_a_viewer_sees_no_secrets() -> None:
    terminal = Terminal()
    lines = ("router bgp 65001", "neighbor 192.0.2.1 remote-as 65002")
    terminal.type(*lines, "neighbor 192.0.2.1 password horse", "exit", "password staple")
    own = "".join(terminal.session.execute("do show running-config").output)
    assert "password horse\n" in own
    assert "password staple\n" in own
    terminal.type("end")
    terminal.session.read_only = True
    for line in ("show running-config", "write terminal", "sh run", "show startup-config"):
        _, text = terminal.type(line)
        assert "horse" not in text
        assert "staple" not in text
    assert terminal.type("show running-config")[1] == masked_lines(own)
    assert masked_lines(own).count("<hidden>") == 2


@pytest.mark.parametrize("line", SECRETS)
def test_secrets_are_hidden(line: str) -> None:
    assert masked(line) == SECRETS[line]


@pytest.mark.parametrize("line", PLAIN)
def test_what_is_no_secret_stays(line: str) -> None:
    assert masked(line) == line


@given(st.text(max_size=300))
def test_what_is_told_is_printable_and_short(text: str) -> None:
    assert told(text).isprintable()
    assert len(told(text)) <= 4 * 200


class Someone:
    user, terminal = "alice", "pts/3"


def recorded(daemon: Lines, notes: list[tuple[Level, str]]) -> Session:
    """A session of alice's, who may do all."""
    from pyvtysh.host.clients import Recorder

    session = Session(daemon, ENABLE)
    door = Door(daemon.common.audit, lambda *note: notes.append(note), FakeClock())
    session.witness = Recorder(Someone(), door)
    return session


def test_what_changes_is_written_down_with_who_and_what_came_of_it() -> None:
    daemon, notes = Lines(), list[tuple[Level, str]]()
    session = recorded(daemon, notes)
    for line in (
        *("show version", "configure terminal", "router bgp 65001", "nonsense"),
        *("neighbor 192.0.2.1 remote-as 65002", "neighbor 192.0.2.1 password horse"),
        *("neighbor 192.0.2.9 shutdown", "end", "list", "clear thread cpu x\x1b[2J"),
    ):
        session.execute(line)
    session.read_only = True
    session.execute("configure terminal")
    found = [(e.mode, e.line, e.result, e.message) for e in daemon.common.audit.last()]
    refused = "% Specify remote-as or peer-group commands first"
    assert found == [
        ("(config)", "router bgp 65001", "ok", ""),
        ("(config-router)", "neighbor 192.0.2.1 remote-as 65002", "ok", ""),
        ("(config-router)", "neighbor 192.0.2.1 password <hidden>", "ok", ""),
        ("(config-router)", "neighbor 192.0.2.9 shutdown", "refused", refused),
        ("", "clear thread cpu x\\x1b[2J", "ok", ""),
        ("", "configure terminal", "read-only", ""),
    ]
    assert {level for level, _ in notes} == {Level.INFORMATIONAL}
    assert notes[0][1] == "audit: alice pts/3 (config)# router bgp 65001 [ok]"
    assert notes[3][1].endswith(f"neighbor 192.0.2.9 shutdown [refused: {refused}]")
    assert "horse" not in "".join(text for _, text in notes)


def test_the_audit_is_shown_and_bounded() -> None:
    daemon = Lines()
    session = recorded(daemon, [])
    session.execute("configure terminal")
    for number in range(KEPT + 5):
        session.execute(f"ip prefix-list P seq {number + 1} permit any")
    assert len(daemon.common.audit.last()) == KEPT
    session.execute("end")
    shown = "".join(session.execute("show configuration audit 2").output)
    assert [line.split()[5:] for line in shown.splitlines()] == [
        ["Line"],
        f"ok (config)# ip prefix-list P seq {KEPT + 4} permit any".split(),
        f"ok (config)# ip prefix-list P seq {KEPT + 5} permit any".split(),
    ]
    objects = json.loads("".join(session.execute("show configuration audit 1 json").output))
    assert objects == [
        {
            "time": 1_700_000_000.0,
            "user": "alice",
            "terminal": "pts/3",
            "mode": "(config)",
            "line": f"ip prefix-list P seq {KEPT + 5} permit any",
            "result": "ok",
        }
    ]


def test_a_line_that_fails_inside_hides_its_secret_from_the_log() -> None:
    class Broken(Farm):
        def __init__(self) -> None:
            super().__init__()
            self.said = ""

        def bug(self, where: str, error: Exception) -> None:
            self.said = where

    from grammar.command import Call, action
    from grammar.scope import Scope

    farm = Broken()
    scope = Scope((VIEW,))

    @action(scope, "password WORD", "Fails")
    def fails(call: Call) -> None:
        raise ValueError

    from grammar.declared import Language

    farm.language = Language("toy", "TOY", [scope])  # type: ignore[misc]
    Session(farm).execute("password horse")
    assert farm.said == "password <hidden>"


def test_an_entry_is_one_line_whatever_was_typed() -> None:
    audit = Audit()
    audit.add(Entry(0.0, "a", "-", "", told("x\r\n\x9b31m\u202e" + "y" * 900), Result.OK))
    (entry,) = audit.last()
    assert entry.log_text.isprintable()
    assert len(entry.log_text) < 300
