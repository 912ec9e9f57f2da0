"""What helps while one types, on real terminals of 80x24 and 40x15, over toy daemons."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pyvtysh.shell.aliases import AliasError, Aliases, read_aliases
from pyvtysh.shell.paste import Batch
from pyvtysh.shell.tab import Offer, rows, shortened
from tests.pyvtysh.serving import Served
from tests.pyvtysh.sitting import shows, sit
from tests.support.terminal import Terminal
from tests.support.wait import until

SIZES = ((24, 80), (15, 40))


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with Served(tmp_path_factory.mktemp("run"), "zebra", "bgpd") as served:
        (served.directory / "vtysh.conf").write_text("")
        yield served


@pytest.fixture(params=SIZES, ids=["80x24", "40x15"])
def terminal(served: Served, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Terminal]:
    aliases = tmp_path / "aliases"
    aliases.write_text("f = show farm\nb = show barn $1\nshow = x\noops\n")
    high, wide = request.param
    env = {"PYVTYSH_ALIASES": str(aliases)}
    with sit(served, tmp_path / "history", rows=high, columns=wide, **env) as terminal:
        yield terminal


def test_an_evening_at_the_router(terminal: Terminal) -> None:
    assert "show is a command already" in terminal.text().replace("\n", "")
    # What is missing of a word stands behind the cursor, and is no part of the line.
    terminal.type("show far")
    shows(terminal, "farm# show farm")
    assert terminal.cursor[1] == len("farm# show far")
    terminal.press("right", "enter")
    terminal.wait_for(" barns\n")
    # A word that is none has its mark, with the one that was meant.
    terminal.enter("shwo farm")
    terminal.wait_for("      ^ did you mean show?\n% Unknown command: shwo farm")
    # Aliases show what they stand for.
    terminal.enter("f")
    terminal.wait_for("farm# f\n      show farm\n")
    terminal.enter("b")
    terminal.wait_for("% b needs a word behind it")
    terminal.type("b 1 |")
    terminal.press("^U")
    # A pasted block is run to its end; what was not taken is told there.
    block = "conf t\nbarn 2\nanmial lion kind cat\nanimal bear kind big\nbarn 13\nend\nshow bar"
    terminal.type(f"\x1b[200~{block}\x1b[201~")
    terminal.wait_for("% 2 of 6 pasted lines were not taken:")
    terminal.wait_for("farm# show bar")
    # On 40 columns a line runs on in the next one, in the middle of a word.
    told = "".join("".join(terminal.lines()[-10:]).split())
    assert told.endswith(
        "farm#conft%2of6pastedlineswerenottaken:"
        "3:farm(config-barn)#anmiallionkindcat%Unknowncommand:anmiallionkindcat"
        "didyoumeananimal?"
        "5:farm(config-barn)#barn13%Nobodybuildsthatfarm#showbar"
    )
    terminal.press("^U")


def test_a_look_at_the_past(terminal: Terminal) -> None:
    for line in ("shwo farm", "conf t", "barn 2", "animal bear kind big"):
        terminal.enter(line)
    terminal.wait_prompt("farm(config-barn)# ")
    # Values are known, and listed without a menu over the screen.
    terminal.enter("animal crow kind bird")
    terminal.type("animal ")
    terminal.press("tab")
    terminal.wait_for("bear  crow")
    terminal.press("^C")
    terminal.wait_prompt("farm(config-barn)# ")
    # The lines of each mode are its own.
    terminal.press("up")
    shows(terminal, "farm(config-barn)# animal crow kind bird")
    terminal.press("^C", "^Z")
    terminal.wait_prompt("farm# ")
    terminal.press("up", "up")
    shows(terminal, "farm# shwo farm")
    terminal.press("^C")
    terminal.wait_prompt("farm# ")
    terminal.press("^R")
    terminal.type("farm")
    terminal.wait_for("shwo farm")


def test_ctrl_d_and_exit_leave_one_thing_at_a_time(terminal: Terminal) -> None:
    terminal.enter("conf t")
    terminal.wait_prompt("farm(config)# ")
    terminal.enter("exit")
    terminal.wait_prompt("farm# ")
    terminal.type("quitx")
    terminal.press("left", "^D")
    shows(terminal, "farm# quit")
    terminal.press("enter")
    assert terminal.wait_end() == 0


def test_hints_can_be_turned_off(served: Served) -> None:
    with sit(served) as terminal:
        terminal.enter("no terminal hints")
        terminal.wait_prompt("farm# ")
        terminal.type("show far")
        terminal.type("?")
        shows(terminal, "farm# show far", "  farm  The farm", "farm# show far")


def test_aliases_are_read_with_what_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "aliases"
    path.write_text("# mine\n\nn = show $1 of $2\nall= show $* now\n1x = y\nn = z\nx = n 1\nbad\n")
    found = read_aliases(str(path), lambda name: name == "show")
    assert found.lines == {"n": "show $1 of $2", "all": "show $* now"}
    assert [wrong.removeprefix(f"{path}:") for wrong in found.wrong] == [
        "5: '1x' is no name: letters, digits, dots, `_` and `-`, a letter first",
        "6: n is there twice; the first counts",
        "7: x stands for another alias; write its line out",
        "8: an alias is NAME = LINE",
    ]
    assert found.expand("n a b | include c") == "show a of b | include c"
    assert found.expand("all a b") == "show a b now"
    assert found.expand("other a") == "other a"
    with pytest.raises(AliasError, match="n needs 2 words behind it"):
        found.expand("n a")
    with pytest.raises(AliasError, match="n takes no more than 2"):
        found.expand("n a b c")
    assert Aliases({"s": "show x"}).expand("s y") == "show x y"
    assert Aliases({"s": "show x"}).behind("s y") == "show x y"
    assert read_aliases(str(tmp_path), lambda _: False).wrong == [f"{tmp_path}: Is a directory"]
    assert read_aliases(str(tmp_path / "none"), lambda _: False) == Aliases()


def test_what_did_not_run_is_counted() -> None:
    batch = Batch()
    batch.begin(["b", "c", ""])
    batch.ran = 1  # the one in the editor
    batch.done(1, "r1# a", 2, "% Unknown command: a\nmore\n")
    assert batch.report() == [
        "% Stopped: 1 of 3 pasted lines ran, the others did not:",
        "  2: b",
        "  3: c",
        "% 1 of 1 pasted lines was not taken:",
        "  1: r1# a",
        "     % Unknown command: a",
        "     more",
    ]
    assert not batch.report()


def test_the_list_fits_the_terminal() -> None:
    names = [f"name{number:02}" for number in range(30)]
    assert rows(Offer("", names, {}), 40, 20)[0] == "name00  name01  name02  name03  name04"
    assert rows(Offer("", names, {}), 40, 3)[-1] == "... 20 more"
    told = rows(Offer("", names, {"name01": "東京" * 20}), 40, 5)
    assert told[1] == "  name01  " + "東京" * 7 + "~"
    assert told[-1] == "... 26 more"
    assert shortened("plain", 5) == "plain"


def test_ctrl_c_leaves_a_daemon_in_the_middle_of_its_answer(tmp_path: Path) -> None:
    with Served(tmp_path, "zebra", "bgpd") as served:
        (tmp_path / "vtysh.conf").write_text("")
        farm = served.farms["bgpd"]
        asked: list[bool] = []

        def endless() -> Iterator[str]:
            asked.append(True)
            try:
                yield "a row of a table that never ends\n" * 1000
                while True:  # more work, of which nothing is to be said yet
                    yield ""
            finally:
                asked.clear()

        usual = farm.render
        farm.render = lambda view, as_json: endless()  # type: ignore[method-assign]
        with sit(served) as terminal:
            for line in ("conf t", "barn 7", "stall s"):
                terminal.enter(line)
            terminal.wait_prompt("farm(config-stall)# ")
            terminal.enter("do show farm")
            terminal.wait_for("never ends")
            terminal.press("^C")
            terminal.wait_prompt("farm(config-stall)# ")
            until(lambda: not asked, 10, "the end of the daemon's work")
            farm.render = usual  # type: ignore[method-assign]
            terminal.enter("straw")
            terminal.wait_prompt("farm(config-stall)# ")
            until(lambda: farm.config.barns[7].stalls["s"].straw, 10, "the line in its node")


def test_the_aliases_of_the_page(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs/shell-typing.md").read_text()
    path = tmp_path / "aliases"
    path.write_text(page.partition("```aliases\n")[2].partition("```")[0])
    found = read_aliases(str(path), lambda name: name == "show")
    assert not found.wrong
    wanted = "show bgp ipv4 unicast neighbors 192.0.2.2 advertised-routes"
    assert found.expand("adv 192.0.2.2") == wanted
    assert found.expand("pre ipv4 unicast") == "show bgp ipv4 unicast | count"
