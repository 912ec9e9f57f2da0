"""The executor of lines, and what the kinds of declaration do, on a toy daemon."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grammar.base.errors import Status
from grammar.language.match import Match, match
from grammar.node import CONFIG, ENABLE, LINE_VTY, VIEW
from grammar.session import Reply, Session
from tests.grammar.toy import BARN, LANGUAGE, STALL, Effect, Farm


class Typist:
    """A session and what came of the last line."""

    def __init__(self, *lines: str) -> None:
        self.farm = Farm()
        self.session = Session(self.farm)
        for line in lines:
            text, status = self.type(line)
            assert status == 0, (line, text)

    def type(self, line: str) -> tuple[str, int]:
        reply = self.session.execute(line)
        return "".join(reply.output), int(reply.status)

    def config(self) -> list[str]:
        lines = list(self.session.config_lines())
        return lines[lines.index("hostname farm") + 2 :]


BARN_1 = ("enable", "configure terminal", "barn 1")


def test_a_new_session_is_in_view_and_enable_leads_on() -> None:
    typist = Typist()
    assert typist.session.node is VIEW
    assert typist.type("configure terminal") == (
        "% [FARM] Unknown command: configure terminal\n",
        Status.NO_MATCH,
    )
    assert typist.type("en") == ("", 0)
    assert typist.type("conf t") == ("", 0)
    assert typist.session.node is CONFIG


@pytest.mark.parametrize("line", ["", "   ", "!", "! text", "# text", " ! indented"])
def test_empty_lines_and_comments_are_nothing(line: str) -> None:
    assert Typist().type(line) == ("", 0)


def test_errors_are_worded_as_a_daemon_words_them() -> None:
    typist = Typist("enable", "configure terminal")
    assert typist.type("foo bar") == ("% [FARM] Unknown command: foo bar\n", 2)
    assert typist.type("log") == ("% Command incomplete.\n", 4)
    assert typist.type("e") == ("% Ambiguous command.\n", 3)
    assert typist.type("barn 13") == ("% Nobody builds that\n", Status.CONFIG_FAILED)
    assert typist.session.node is CONFIG


def test_a_bug_is_told_to_the_daemon_and_ends_nothing() -> None:
    typist = Typist("enable")
    text, status = typist.type("show trouble")
    assert (text, status) == ("% Internal error at: show trouble\n", Status.WARNING)
    assert typist.farm.bugs == ["show trouble: a bug"]
    assert typist.type("show farm") == ("0 barns\n", 0)


def test_a_bug_is_told_without_what_is_secret_in_the_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """The daemon writes it into its log, which others read."""

    def fails(self: Session, text: str) -> Reply:
        raise RuntimeError("a bug")

    typist = Typist("enable", "configure terminal")
    monkeypatch.setattr(Session, "_filtered", fails)
    typist.type("neighbor 192.0.2.1 password s3cret")
    assert typist.farm.bugs == ["neighbor 192.0.2.1 password <hidden>: a bug"]


def test_exit_goes_up_and_out() -> None:
    typist = Typist(*BARN_1, "stall north")
    nodes = [typist.session.node]
    for line in ("exit", "exit", "exit", "exit"):
        typist.type(line)
        nodes.append(typist.session.node)
    assert nodes == [STALL, BARN, CONFIG, ENABLE, ENABLE]
    assert typist.session.closed


def test_the_words_that_close_a_block_leave_it() -> None:
    typist = Typist(*BARN_1, "stall north", "exit-stall")
    assert typist.session.node is BARN


def test_end_leads_to_enable_from_anywhere() -> None:
    typist = Typist(*BARN_1, "stall north", "end")
    assert typist.session.node is ENABLE
    typist = Typist()
    assert typist.type("end")[1] == Status.NO_MATCH


def test_a_line_of_a_parent_node_moves_there() -> None:
    typist = Typist(*BARN_1, "stall north", "light")
    assert typist.session.node is BARN
    assert typist.type("barn 2") == ("", 0)
    assert typist.session.node_object.number == 2
    typist.type("line vty")
    assert typist.session.node is LINE_VTY


def test_an_unknown_line_stays_where_it_was_typed() -> None:
    typist = Typist(*BARN_1, "stall north")
    assert typist.type("nonsense")[1] == Status.NO_MATCH
    assert typist.session.node is STALL


def test_a_line_that_a_parent_finds_incomplete_moves_as_in_frr() -> None:
    typist = Typist("enable", "configure terminal", "line vty")
    assert typist.type("barn") == ("% Command incomplete.\n", 4)
    assert typist.session.node is CONFIG


def test_do_runs_an_enable_command_and_moves_nothing() -> None:
    typist = Typist(*BARN_1)
    assert typist.type("do show farm") == ("1 barns\n", 0)
    assert typist.session.node is BARN
    assert typist.type("do nonsense") == ("% [FARM] Unknown command: do nonsense\n", 2)
    assert typist.type("do configure terminal") == ("", 0)
    assert typist.session.node is BARN
    typist.type("end")
    assert typist.type("do show farm") == ("1 barns\n", 0)
    typist.type("disable")
    assert typist.type("do show farm") == ("% [FARM] Unknown command: do show farm\n", 2)


def test_show_renders_text_json_and_statuses() -> None:
    typist = Typist(*BARN_1, "end")
    assert typist.type("show farm") == ("1 barns\n", 0)
    assert typist.type("show farm json") == ('{"barns":1}\n', 0)
    assert typist.type("show barn 1") == ("barn 1\n", 0)
    assert typist.type("show barn 2") == ("-1 barns\n", Status.WARNING)


def test_what_was_typed_is_printed_in_declared_order() -> None:
    typist = Typist(
        *BARN_1,
        "stall north",
        "straw",
        "barn 1",
        "fence river height 3",
        "animal 10.0.0.1 kind cow",
        "fence 1.2.3.4",
        "animal 10.0.0.1 meals 3 4",
        "animal lion kind cat",
        "animal lion quiet",
        "no light",
        "stall empty",
    )
    assert typist.config() == [
        "barn 1",
        " no light",
        " animal 10.0.0.1 kind cow",
        " animal 10.0.0.1 meals 3 4",
        " animal lion kind cat",
        " animal lion quiet",
        " fence river height 3",
        " fence 1.2.3.4",
        " !",
        " stall north",
        "  straw",
        " exit-stall",
        "exit",
    ]


def test_the_printed_configuration_loads_and_prints_the_same() -> None:
    typist = Typist(*BARN_1, "fence a height 2", "animal x kind y", "animal x meals 1 2")
    printed = list(typist.session.config_lines())
    other = Typist("enable", "configure terminal", *printed)
    assert list(other.session.config_lines()) == printed


def test_every_line_can_be_taken_back() -> None:
    typist = Typist(*BARN_1, "animal x kind y", "no light", "animal x quiet", "animal x meals 1 2")
    typist.type("fence a height 2")
    for line in ("light", "no animal x quiet", "no animal x meals", "no fence a"):
        assert typist.type(line) == ("", 0), line
    assert typist.config() == ["barn 1", " animal x kind y", "exit"]
    assert typist.type("no fence a") == ("% There is no fence\n", Status.CONFIG_FAILED)
    assert typist.type("no barn 1") == ("", 0)
    assert typist.config() == []


def test_an_alias_is_taken_and_never_printed() -> None:
    typist = Typist(*BARN_1, "hedge a height 2")
    assert typist.config() == ["barn 1", " fence a height 2", "exit"]


def test_a_refused_line_changes_nothing() -> None:
    typist = Typist(*BARN_1)
    before = list(typist.session.config_lines())
    reactions = len(typist.farm.reactions)
    for line in ("animal ghost quiet", "animal ghost meals 1 2", "fence a height 10", "no fence x"):
        assert typist.type(line)[1] != 0, line
    assert list(typist.session.config_lines()) == before
    assert len(typist.farm.reactions) == reactions


def test_effects_are_reported_once_and_only_for_changes() -> None:
    typist = Typist(*BARN_1, "animal x kind y")
    typist.farm.reactions.clear()
    typist.type("animal x quiet")
    typist.type("animal x quiet")
    typist.type("no animal x quiet")
    effects = [[change.effect for change in changes] for changes in typist.farm.reactions]
    assert effects == [[Effect.ANIMALS], [Effect.ANIMALS]]
    assert [changes[0].negated for changes in typist.farm.reactions] == [False, True]


def test_a_file_gives_one_reaction_at_its_end() -> None:
    typist = Typist("enable", "configure terminal", "XFRR_start_configuration")
    for line in ("barn 1", "animal x kind y", "barn 2"):
        typist.type(line)
    assert typist.farm.reactions == []
    typist.type("XFRR_end_configuration")
    (changes,) = typist.farm.reactions
    assert [change.effect for change in changes] == [Effect.BARNS, Effect.ANIMALS, Effect.BARNS]


def test_list_names_the_commands_of_the_node() -> None:
    typist = Typist(*BARN_1)
    listed = typist.type("list")[0].splitlines()
    assert "    [no] light" in listed
    assert "    stall WORD" in listed
    assert not any("sigh" in line or "hedge" in line for line in listed)
    assert Typist("enable", "configure terminal").type("sigh") == ("hhh\n", 0)


def test_find_names_node_and_command() -> None:
    typist = Typist("enable")
    assert "(barn)  [no] light" in typist.type("find light")[0]
    assert typist.type("find [a") == ("% Unbalanced square brackets\n", Status.SUCCESS)


ADDRESSES = st.tuples(*[st.integers(0, 255)] * 4).map(lambda parts: ".".join(map(str, parts)))
NAMES = st.one_of(ADDRESSES, st.from_regex(r"[g-z][a-z0-9_]{0,8}", fullmatch=True))


@given(name=NAMES, feed=st.integers(0, 100), water=st.integers(0, 100))
def test_parse_undoes_unparse(name: str, feed: int, water: int) -> None:
    graph = LANGUAGE.graph(BARN)
    result = match(graph, f"animal {name} meals {feed} {water}".split())
    assert isinstance(result, Match)
    command = result.command
    assert command.unparse(result.values) == f"animal {name} meals {feed} {water}"  # type: ignore[attr-defined]


@given(
    lines=st.lists(
        st.one_of(
            st.tuples(NAMES, st.integers(1, 9)).map(lambda f: f"fence {f[0]} height {f[1]}"),
            NAMES.map(lambda name: f"animal {name} kind cow"),
            st.just("no light"),
        ),
        max_size=12,
    )
)
def test_load_of_render_is_the_same_configuration(lines: list[str]) -> None:
    typist = Typist(*BARN_1, *lines)
    printed = list(typist.session.config_lines())
    assert list(Typist("enable", "configure terminal", *printed).session.config_lines()) == printed
