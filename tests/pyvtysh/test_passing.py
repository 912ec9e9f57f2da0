"""Lines that no language of ours knows: who is offered them, and what becomes of the node."""

import pytest

from grammar.base.errors import Status
from grammar.node import CONFIG, ENABLE, INTERFACE, Node
from pyvtysh.commands import LANGUAGE
from pyvtysh.dispatch import Vtysh, collect
from pyvtysh.foreign import OPENINGS, sample
from pyvtysh.link import Running
from pyvtysh.merged import load_languages

CONFIG_LIST = "    line vty\n    router ospf\n"
OSPF_LIST = (
    "    ospf router-id A.B.C.D\n    router-info <as|area>\n    [no] log-adjacency-changes\n"
)


class Scripted:
    """A link to a daemon that knows the lines it is given, and nothing else."""

    def __init__(self, name: str, knows: dict[str, tuple[str, int]], sent: list[str]) -> None:
        self.name = name
        self.knows = knows
        self.sent = sent
        self.list = OSPF_LIST

    def run(self, line: str) -> Running:
        if line == "list":
            yield self.list
            return 0
        text = line.removeprefix("do ")
        if text in ("enable", "end", "configure", "configure terminal", "exit"):
            return 0
        self.sent.append(f"{self.name}: {line}")
        unknown = (f"% [{self.name.upper()}] Unknown command: {line}\n", 2)
        answer, status = self.knows.get(text, unknown)
        yield answer
        return status

    def close(self) -> None:
        """Nothing is open."""


class Shell:
    """Our vtysh over scripted daemons."""

    def __init__(self, **daemons: dict[str, tuple[str, int]]) -> None:
        self.sent: list[str] = []
        self.said: list[str] = []
        self.links = {name: Scripted(name, knows, self.sent) for name, knows in daemons.items()}
        self.vtysh = Vtysh(LANGUAGE, load_languages(), self.links.get, self.said.append, "/none")
        self.vtysh.connect()

    def type(self, *lines: str) -> tuple[str, int]:
        """Lines; the answer to the last and its status."""
        for line in lines:
            answer = collect(self.vtysh.execute(line))
        return answer

    @property
    def node(self) -> Node:
        return self.vtysh.node


OSPF = {"router ospf": ("", 0), "show ip ospf": ("Router ID\n", 0), "show ip": ("", 4)}


def test_who_knows_an_exec_line_answers_it() -> None:
    shell = Shell(zebra={}, ospfd=OSPF)
    assert shell.type("show ip ospf") == ("Router ID\n", 0)
    assert shell.sent == ["zebra: show ip ospf", "ospfd: show ip ospf"]


def test_what_nobody_knows_is_told_in_vtyshs_words() -> None:
    shell = Shell(zebra={}, ospfd=OSPF)
    assert shell.type("show foo") == ("% Unknown command: show foo\n", Status.NO_MATCH)
    assert shell.type("show ip") == ("% Command incomplete: show ip\n", Status.INCOMPLETE)
    assert shell.type("who") == ("% Unknown command: who\n", Status.NO_MATCH)
    assert "zebra: who" not in shell.sent


def test_a_missing_daemon_is_named() -> None:
    shell = Shell(zebra={})
    assert shell.type("show ip ospf") == ("", Status.NO_DAEMON)
    assert shell.said == ["ospfd is not running\n"]


def test_a_long_answer_that_begins_like_a_refusal_is_passed_through() -> None:
    text = "% well\n" + "x" * 10000
    assert Shell(zebra={"show long": (text, 0)}).type("show long") == (text, 0)


def test_a_refusal_is_the_daemons() -> None:
    shell = Shell(zebra={}, ospfd={**OSPF, "network x": ("% no\n", 13)}, ripd={})
    assert shell.type("configure terminal", "router ospf", "network x") == ("% no\n", 13)
    assert shell.vtysh.asked == "ospfd"
    assert "ripd: network x" not in shell.sent


def test_the_node_follows_a_daemon_that_went_up() -> None:
    shell = Shell(zebra={}, ospfd={**OSPF, "debug ospf event": ("", 0)})
    shell.type("configure terminal", "router ospf")
    assert shell.vtysh.prompt.endswith("(config-router)# ")
    shell.links["ospfd"].list = CONFIG_LIST
    shell.type("debug ospf event")
    assert shell.node is CONFIG


@pytest.mark.parametrize(
    ("line", "stays"),
    [
        ("router-id 1.1.1.1", True),  # not listed, and not zebra's
        ("router-info as", True),
        ("log-adjacency-changes", True),
        ("router rip", False),
        ("ip forwarding", False),
    ],
)
def test_whose_a_line_is_that_a_node_above_knows_too(line: str, stays: bool) -> None:
    shell = Shell(zebra={line: ("", 0)}, ospfd={**OSPF, line: ("", 0)}, ripd={line: ("", 0)})
    shell.type("configure terminal", "router ospf")
    shell.sent.clear()
    shell.type(line)
    assert shell.sent[0].startswith("ospfd" if stays else ("zebra", "ripd"))


def test_lines_of_an_interface_go_to_all_that_have_the_node() -> None:
    taken = {"interface e0": ("", 0)}
    shell = Shell(zebra=taken, ospfd={**taken, "ip ospf cost 5": ("", 0)}, staticd={})
    assert shell.type("configure terminal", "interface e0", "ip ospf cost 5") == ("", 0)
    assert shell.node is INTERFACE
    assert "staticd: interface e0" not in shell.sent
    assert shell.type("end") == ("", 0)
    assert shell.node is ENABLE


@pytest.mark.parametrize("opening", OPENINGS, ids=lambda opening: opening.command.notation[:40])
def test_every_opening_leads_into_its_node(opening: object) -> None:
    path = []
    node = opening.node  # type: ignore[attr-defined]
    while node is not CONFIG and node is not None:
        lines = [o.command.notation for o in OPENINGS if o.node is node]
        path.append(" ".join(sample(lines[0])) if lines else "router bgp 1")
        node = node.parent
    names = opening.owners  # type: ignore[attr-defined]
    everything = dict.fromkeys(path, ("", 0))
    shell = Shell(**dict.fromkeys((*names, "bgpd", "zebra"), everything))
    assert shell.type("configure terminal", *reversed(path)) == ("", 0)
    assert shell.node.prompt == opening.node.prompt  # type: ignore[attr-defined]
    for _ in path:
        shell.type("exit")
    assert shell.node is CONFIG
