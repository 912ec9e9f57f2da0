"""`monitor ...` in real terminals and in scripts, over our daemons and FRR's: begun and ended."""

import os
import select
import signal
import subprocess
from collections.abc import Iterator

import pytest

from tests.support.frr import FrrRouter
from tests.support.namespaces import Lab
from tests.support.ours import EmbeddedRouter, OurRouter
from tests.support.router import Router
from tests.support.terminal import Terminal
from tests.support.vty import Vty
from tests.support.wait import until

pytestmark = pytest.mark.real

DAEMONS = ("zebra", "bgpd", "staticd")
HINT = "Live: q, Enter or Ctrl-C ends it"


@pytest.fixture(scope="module")
def router(lab: Lab) -> Iterator[Router]:
    made = OurRouter(lab.namespace("live"))
    made.write("bgpd.conf", "router bgp 65001\n neighbor 192.0.2.9 remote-as 65009\n")
    made.start(*DAEMONS)
    yield made
    made.stop()


def argv(router: Router, *words: str) -> list[str]:
    return [str(word) for word in (*OurRouter.vtysh_argv(router), *words)]  # type: ignore[arg-type]


def sit(router: Router, rows: int = 24, columns: int = 80, **env: str) -> Terminal:
    env |= {"VTYSH_HISTFILE": "/dev/null"}
    terminal = Terminal(router.namespace.argv(argv(router)), rows=rows, columns=columns, env=env)
    terminal.wait_prompt(f"{router.namespace.name}# ", 30)
    return terminal


def toggle(router: Router, text: str) -> None:
    router.vtysh("configure terminal", text)


def keys_end_it(router: Router, size: tuple[int, int], *keys: str) -> None:
    prompt = f"{router.namespace.name}# "
    with sit(router, *size) as terminal:
        for number, key in enumerate(keys):
            terminal.enter("monitor route static")
            until(lambda: terminal.text().endswith(HINT), 20, "the beginning")
            toggle(router, f"ip route 198.51.{number}.0/24 blackhole")
            terminal.wait_for(f"installed 198.51.{number}.0/24")
            terminal.type("x")  # is not shown
            (terminal.press if len(key) > 1 else terminal.type)(key)
            terminal.wait_prompt(prompt)
        terminal.enter("show daemons")  # the terminal is as it was, and so is the dialogue
        terminal.wait_for(f"{prompt}show daemons")
        terminal.wait_for(" zebra")
        for number in range(len(keys)):
            toggle(router, f"no ip route 198.51.{number}.0/24 blackhole")


def test_a_key_ends_it_at_once(router: Router) -> None:
    keys_end_it(router, (24, 80), "q", "enter", "^C")


def test_of_one_process_on_a_narrow_terminal(lab: Lab) -> None:
    made = EmbeddedRouter(lab.namespace("one"))
    made.start()
    try:
        keys_end_it(made, (15, 40), "q", "^C")
    finally:
        made.stop()


def test_filters_see_each_line_as_it_comes(router: Router) -> None:
    with sit(router) as terminal:
        terminal.enter("monitor route | include installed | exclude 198.51.101")
        terminal.wait_for(HINT)
        for last in (101, 102):
            toggle(router, f"ip route 198.51.{last}.0/24 blackhole")
        terminal.wait_for("installed 198.51.102.0/24 static [1/0] blackhole")
        assert "installed 198.51.101" not in terminal.text()
        terminal.type("q")
        terminal.wait_prompt(f"{router.namespace.name}# ")
        terminal.enter("monitor route | count")
        terminal.wait_for(f"count\n{HINT}")
        terminal.type("q")
        terminal.wait_for("ends it\n0")
        # What a key finds on its way is not counted, so this one ends by itself.
        terminal.enter("monitor route | first 2 | count")
        terminal.wait_for(f"first 2 | count\n{HINT}")
        for last in (101, 102):
            toggle(router, f"no ip route 198.51.{last}.0/24 blackhole")
        terminal.wait_for("ends it\n2")


def test_a_terminal_that_is_dumb_gets_no_codes(router: Router) -> None:
    with sit(router, TERM="dumb") as terminal:
        terminal.enter("monitor bgp updates")
        terminal.wait_for(HINT)
        terminal.type("q")
        terminal.wait_prompt(f"{router.namespace.name}# ")


def test_refusals_are_said_and_end_it(router: Router) -> None:
    for line, says in (
        ("monitor bgp updates neighbor 192.0.2.77", "% No such neighbor in this view/vrf\n"),
        ("monitor bgp updates neighbor 192.0.2.77 | include x", "% No such neighbor"),
        ("monitor route vrf red", "% VRF red"),
    ):
        done = router.namespace.run(argv(router, "-c", line), check=False)
        assert says in done.stdout + done.stderr
        assert done.returncode == 1


def script(router: Router, line: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        router.namespace.argv(argv(router, "-c", line)),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def readers(router: Router) -> int:
    """The connections that zebra has."""
    found = router.namespace.run(["ss", "-xH"]).stdout
    return sum(f"{router.run}/zebra.vty" in line for line in found.splitlines())


def flapping(router: Router, running: "subprocess.Popen[str]") -> bool:
    """A route comes and goes; whether the script has said anything."""
    toggle(router, "ip route 198.51.103.0/24 blackhole")
    toggle(router, "no ip route 198.51.103.0/24 blackhole")
    return bool(select.select([running.stdout], [], [], 0)[0])


def test_a_script_is_ended_by_a_signal_with_0(router: Router) -> None:
    with script(router, "monitor route static json") as running:
        until(lambda: flapping(router, running), 20, "a line")
        assert running.stdout is not None
        assert running.stdout.readline().startswith('{"prefix":"198.51.103.0/24","time":')
        with_it = readers(router)
        running.send_signal(signal.SIGINT)
        _, said = running.communicate(timeout=30)
        assert (running.returncode, said) == (0, "")
    until(lambda: readers(router) <= with_it - 2, 20, "the end in the daemon")


def test_a_script_ends_with_its_reader(router: Router) -> None:
    """Nothing has to be written for it."""
    with script(router, "monitor route static") as running:
        until(lambda: flapping(router, running), 20, "a line")
        assert running.stdout is not None
        running.stdout.close()
        running.wait(30)
        assert running.stderr is not None
        assert running.stderr.read() == ""


def test_first_ends_it(router: Router) -> None:
    with script(router, "monitor route static | first 1") as running:
        until(lambda: flapping(router, running), 20, "a line")
        text, _ = running.communicate(timeout=30)
        assert len(text.splitlines()) == 1
        assert running.returncode == 0


def test_frrs_daemons_do_not_know_it(lab: Lab) -> None:
    frr = FrrRouter(lab.namespace("frr"))
    frr.start("zebra", "bgpd")
    try:
        done = frr.namespace.run(argv(frr, "-c", "monitor bgp updates"), check=False)
        says = "% bgpd does not offer monitor: it is not ours\n"
        assert (done.stdout, done.returncode) == (says, 1)
        with sit(frr) as terminal, Vty(frr.run, "zebra") as other:
            terminal.enter("monitor log zebra | include hello")
            terminal.wait_for(HINT)

            def heard() -> bool:
                other.ask("logmsg errors hello")
                return "zebra: hello" in terminal.text()

            until(heard, 20, "a line")
            terminal.type("q")
            terminal.wait_prompt(f"{frr.namespace.name}# ")
    finally:
        frr.stop()


def test_the_end_of_a_daemon_is_said(lab: Lab) -> None:
    router = OurRouter(lab.namespace("dies"))
    router.start("zebra", "bgpd")
    try:
        with sit(router) as terminal:
            terminal.enter("monitor route")
            terminal.wait_for(HINT)
            os.kill(int((router.run / "zebra.pid").read_text()), signal.SIGKILL)
            terminal.wait_for("% zebra is gone: it closed the connection")
            terminal.wait_prompt(f"{router.namespace.name}# ")
    finally:
        router.stop()
