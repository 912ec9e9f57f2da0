"""The interactive shell, driven as a person would: the guide typed on a real terminal."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.support.namespaces import Lab
from tests.support.scenario import GUIDE, UNDER_TEST, SoftRouter
from tests.support.terminal import Terminal
from tests.support.wait import until

pytestmark = pytest.mark.real

AMBIGUOUS = "show ip bgp neighbors 192.168.122.102 r"
TYPED = """\
router bgp 65001
 bgp router-id 192.168.122.1
 no bgp ebgp-requires-policy
 neighbor 192.168.122.101 remote-as 64512
 neighbor 192.168.122.102 remote-as 64512
exit"""


@dataclass
class Desk:
    scenario: SoftRouter

    def sit(self, **sizes: int) -> Terminal:
        """A terminal with a fresh vtysh, whose history is the router's."""
        router = self.scenario.router
        terminal = Terminal(
            router.namespace.argv(router.vtysh_argv()),
            env={"VTYSH_HISTFILE": str(router.run / "typed-history")},
            **sizes,
        )
        terminal.wait_prompt("router# ")
        return terminal


@pytest.fixture(scope="module", params=UNDER_TEST)
def desk(request: pytest.FixtureRequest) -> Iterator[Desk]:
    with Lab() as lab:
        scenario = SoftRouter(lab, request.param)
        scenario.node.start()
        scenario.router.start()
        with Desk(scenario).sit() as terminal:
            type_guide(terminal)
        scenario.converge()
        yield Desk(scenario)


def type_guide(terminal: Terminal) -> None:
    """Every line as the guide has it, the empty one included.

    The first `debug` line is the parent node's, so it leaves `router bgp`: of the guide's two last
    `exit`, one leaves the configuration and the other the shell.
    """
    terminal.enter("config t")
    terminal.wait_prompt("router(config)# ")
    for line in GUIDE.splitlines():
        terminal.enter(line)
        terminal.settle()
    terminal.wait_prompt("router(config)# ")
    terminal.enter("exit")
    terminal.wait_prompt("router# ")
    terminal.enter("exit")
    assert terminal.wait_end() == 0


def test_the_greeting_is_frrs(desk: Desk) -> None:
    with desk.sit() as terminal:
        shown = "\n".join(terminal.lines())
    assert "Hello, this is FRRouting (version 8.4.4)." in shown


def test_the_typed_guide_is_in_force(desk: Desk) -> None:
    shown = desk.scenario.router.show("show running-config")
    assert TYPED in shown
    for line in GUIDE.splitlines():
        assert not line.startswith("debug") or f"{line}\n" in shown
    with desk.sit() as terminal:
        terminal.enter("show ip bgp")
        lines = terminal.wait_for("Displayed  2 routes and 2 total paths")
        assert "*> 172.19.0.100/32  192.168.122.102          0             0 64512 i" in lines


@pytest.mark.parametrize(
    ("lines", "prompt"),
    [
        (["conf t"], "router(config)# "),
        (["conf t", "router bgp 65001"], "router(config-router)# "),
        (["conf t", "router bgp 65001", "address-family ipv4 uni"], "router(config-router-af)# "),
        (["conf t", "interface virbr0"], "router(config-if)# "),
        (["conf t", "router bgp 65001", "exit"], "router(config)# "),
        (["conf t", "router bgp 65001", "end"], "router# "),
        (["conf t", "router bgp 65001", "interface virbr0"], "router(config-if)# "),
        (["disable"], "router> "),
        (["disable", "enable"], "router# "),
    ],
)
def test_the_prompt_tells_the_node(desk: Desk, lines: list[str], prompt: str) -> None:
    with desk.sit() as terminal:
        for line in lines:
            terminal.enter(line)
            terminal.settle()
        terminal.wait_prompt(prompt)


def test_tab_completes_and_lists(desk: Desk) -> None:
    with desk.sit() as terminal:
        terminal.type("sh")
        terminal.press("tab")
        terminal.wait_for("router# show")
        terminal.press("^C")
        terminal.settle()
        terminal.type("show ip bgp summ")
        terminal.press("tab", "enter")
        terminal.wait_for("Total number of neighbors 2")
        terminal.wait_prompt("router# ")
        terminal.type("write ")
        terminal.press("tab", "tab")
        for word in ("file", "memory", "terminal"):
            terminal.wait_for(word)


def test_question_mark_helps_at_once_and_keeps_the_line(desk: Desk) -> None:
    with desk.sit() as terminal:
        terminal.type("debug bgp ?")
        for word in ("keepalives", "neighbor-events", "nht", "updates", "zebra"):
            terminal.wait_for(f"  {word} ")
        until(lambda: terminal.lines()[-1] == "router# debug bgp", 5, "the line is there again")
        terminal.type("flowspec")
        terminal.press("enter")
        terminal.wait_for("BGP flowspec debugging is on")
        terminal.enter("no debug bgp flowspec")
        terminal.wait_for("BGP flowspec debugging is off")


def test_control_c_clears_the_line_and_control_z_ends(desk: Desk) -> None:
    with desk.sit() as terminal:
        terminal.enter("conf t")
        terminal.wait_prompt("router(config)# ")
        terminal.type("router bgp 6")
        terminal.press("^C")
        terminal.settle()
        terminal.enter("router bgp 65001")
        terminal.wait_prompt("router(config-router)# ")
        terminal.press("^Z")
        terminal.wait_prompt("router# ")
        terminal.press("^D")
        assert terminal.wait_end() == 0


def test_wrong_lines_get_frrs_answer(desk: Desk) -> None:
    with desk.sit() as terminal:
        for line, answer in (
            ("foo bar", "% Unknown command: foo bar"),
            (AMBIGUOUS, f"% Ambiguous command: {AMBIGUOUS}"),
            ("show ip", "% Command incomplete: show ip"),
        ):
            terminal.enter(line)
            terminal.wait_for(answer)
        terminal.wait_prompt("router# ")


def test_history_survives_the_terminal(desk: Desk) -> None:
    with desk.sit() as terminal:
        terminal.enter("show ip forwarding")
        terminal.wait_for("IP forwarding is on")
        terminal.enter("exit")
        assert terminal.wait_end() == 0
    with desk.sit() as terminal:
        shown = ""
        for _ in range(3):
            terminal.press("up")
            shown = terminal.settle()[-1]
            if shown == "router# show ip forwarding":
                break
        assert shown == "router# show ip forwarding"


def test_several_terminals_share_the_router_but_not_the_node(desk: Desk) -> None:
    with desk.sit() as one, desk.sit() as other:
        one.enter("conf t")
        one.enter("router bgp 65001")
        one.wait_prompt("router(config-router)# ")
        one.enter("neighbor 192.168.122.101 description absent")
        one.wait_for("description absent")  # the prompt before is the same
        one.wait_prompt("router(config-router)# ")
        other.enter("show ip bgp summary")
        other.wait_for("absent")
        other.wait_prompt("router# ")
        one.enter("no neighbor 192.168.122.101 description")
        one.wait_for("# no neighbor")
        one.wait_prompt("router(config-router)# ")
