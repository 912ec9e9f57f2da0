"""`terminal monitor`: log lines of FRR's daemons and of ours, in FRR's vtysh and in ours.

FRR's bytes are the measure: the same lines are logged, and the terminals must show the same.
"""

import os
import re
import select
import signal
import socket
import struct
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

LEVELS = (
    *("emergencies", "alerts", "critical", "errors"),
    *("warnings", "notifications", "informational", "debugging"),
)
HEADER = struct.Struct("=QIIqqIIIII12sII")
STAMP = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}")
SHELLS = ("/usr/bin/vtysh", "ours")


@pytest.fixture(scope="module", params=[FrrRouter, OurRouter, EmbeddedRouter])
def router(request: pytest.FixtureRequest) -> Iterator[Router]:
    with Lab() as lab:
        made: Router = request.param(lab.namespace("monitored"))
        if isinstance(made, EmbeddedRouter):
            made.start()
        else:
            made.start("zebra", "staticd")
        yield made
        made.stop()


def sit(router: Router, shell: str) -> Terminal:
    ours, *rest = OurRouter.vtysh_argv(router)  # type: ignore[arg-type]
    argv = [ours if shell == "ours" else shell, *rest]
    return Terminal(router.namespace.argv(argv), env={"VTYSH_HISTFILE": str(router.run / "hist")})


def packet(live: socket.socket) -> tuple[int, int, bytes, bytes]:
    """Level, length of the marks, identifier and text of the next line."""
    assert select.select([live], [], [], 10)[0]
    data = live.recv(65536)
    head = HEADER.unpack_from(data)
    assert head[2] == HEADER.size + 8 * head[12]
    text = data[head[2] :]
    assert len(text) == head[8]
    return head[6], head[9], head[10].rstrip(b"\0"), text


def monitored(vty: Vty, line: str = "terminal monitor") -> socket.socket:
    """What leaves with the status of the answer."""
    vty.socket.sendall(line.encode() + b"\0")
    data, descriptors, _, _ = socket.recv_fds(vty.socket, 65536, 4)
    assert data == b"\0\0\0\0"
    assert len(descriptors) == 1
    return socket.socket(fileno=descriptors[0])


def waiting(live: socket.socket) -> int:
    """How many packets wait; they are taken."""
    count = 0
    while select.select([live], [], [], 0)[0]:
        assert live.recv(65536)
        count += 1
    return count


def test_a_client_is_given_a_socket_with_a_packet_a_line(router: Router) -> None:
    with Vty(router.run, "staticd") as vty, Vty(router.run, "staticd") as other:
        live = monitored(vty)
        assert live.type == socket.SOCK_SEQPACKET
        for number, level in enumerate(LEVELS):
            other.ask(f"logmsg {level} hello {level}")
            assert packet(live) == (number, 0, b"", f"hello {level}".encode())
        other.ask("configure terminal")
        other.ask("log commands")
        other.ask("do show version")
        number, marks, ident, text = packet(live)
        assert (number, marks, ident) == (5, 14, b"M7Q4P-46WDR")
        assert re.fullmatch(rb"\[M7Q4P-46WDR\] vty\[\d+\]@\(config\)# do show version", text)
        other.ask("no log commands")
        packet(live)
        assert vty.ask("no terminal monitor") == ("", 0)
        assert live.recv(1) == b""
        live.close()


def test_it_ends_with_the_session_unless_detached(router: Router) -> None:
    with Vty(router.run, "staticd") as other:
        with Vty(router.run, "staticd") as vty:
            detached = monitored(vty, "terminal monitor detach")
            first = monitored(vty)
            second = monitored(vty)
            assert first.recv(1) == b""
        assert second.recv(1) == b""
        other.ask("logmsg errors still here")
        assert packet(detached)[3] == b"still here"
        for live in (detached, first, second):
            live.close()


def test_other_nodes_and_words(router: Router) -> None:
    with Vty(router.run, "staticd") as vty:
        assert vty.ask("terminal no monitor") == ("", 0)
        assert vty.ask("no terminal monitor") == ("", 0)
        vty.ask("disable")
        unknown = "% [STATIC] Unknown command: terminal monitor\n"
        assert vty.ask("terminal monitor") == (unknown, 2)


@pytest.mark.parametrize("shell", SHELLS)
def test_lines_come_above_the_prompt_while_one_types(router: Router, shell: str) -> None:
    with sit(router, shell) as terminal, Vty(router.run, "staticd") as other:
        prompt = f"{router.namespace.name}# "
        terminal.wait_prompt(prompt)
        terminal.enter("terminal monitor staticd")
        terminal.wait_for(f"terminal monitor staticd\n{prompt.rstrip()}")
        terminal.enter("terminal monitor staticd")
        terminal.wait_for("% staticd: already monitoring logs")
        terminal.wait_prompt(prompt)
        terminal.type("show vers")
        terminal.wait_for(f"{prompt}show vers")
        for level in LEVELS:
            other.ask(f"logmsg {level} hello {level}")
            terminal.wait_for(f"hello {level}")
        shown = terminal.wait_for(f"hello debugging\n{prompt}show vers")
        marks = ("EMRG", "ALRT", "CRIT", "ERR!", "WARN", "NTFY", "INFO", "DEBG")
        wanted = [
            f"STAMP [{mark}] staticd: hello {level}"
            for mark, level in zip(marks, LEVELS, strict=True)
        ]
        assert [STAMP.sub("STAMP", line) for line in shown if "hello" in line.lower()][
            -8:
        ] == wanted
        terminal.press("enter")
        terminal.wait_for("FRRouting 8.4.4")
        terminal.wait_prompt(prompt)
        terminal.enter("no terminal monitor")
        terminal.wait_for(f"no terminal monitor\n{prompt.rstrip()}")
        other.ask("logmsg errors nobody hears this")
        terminal.enter("show foo")
        lines = terminal.wait_for("% Unknown command: show foo")
        assert not any("nobody" in line or "unexpectedly" in line for line in lines)


def test_lines_that_find_no_room_are_counted(router: Router) -> None:
    with Vty(router.run, "staticd") as vty, Vty(router.run, "staticd") as other:
        live = monitored(vty)
        sent = came = 0
        for _ in range(2):
            for number in range(400):
                other.ask(f"logmsg errors flood {number}")
            sent += 400
            came += waiting(live)
            other.ask("logmsg errors behind it")
            assert HEADER.unpack_from(live.recv(65536))[5] == sent - came > 0
        live.close()


@pytest.mark.parametrize("shell", SHELLS)
def test_what_was_lost_is_told_once(router: Router, shell: str) -> None:
    with sit(router, shell) as terminal, Vty(router.run, "staticd") as other:
        prompt = f"{router.namespace.name}# "
        terminal.wait_prompt(prompt)
        terminal.enter("terminal monitor staticd")
        terminal.wait_for(f"terminal monitor staticd\n{prompt.rstrip()}")
        os.kill(terminal.pid, signal.SIGSTOP)
        for number in range(400):
            other.ask(f"logmsg errors flood {number}")
        os.kill(terminal.pid, signal.SIGCONT)
        terminal.wait_for("flood 27")
        other.ask("logmsg errors behind it")
        terminal.wait_for("behind it")
        other.ask("logmsg errors at the end")
        lines = [STAMP.sub("STAMP", line) for line in terminal.wait_for("at the end")]
        # How many fit depends on whether the shell had begun to read.
        last = int(lines[-5].rpartition(" ")[2])
        assert lines[-5:] == [
            f"STAMP [ERR!] staticd: flood {last}",
            f"{399 - last} log messages from staticd lost (vtysh reading too slowly)",
            "STAMP [ERR!] staticd: behind it",
            "STAMP [ERR!] staticd: at the end",
            prompt.rstrip(),
        ]


@pytest.mark.parametrize("shell", SHELLS)
def test_not_in_the_view_node(router: Router, shell: str) -> None:
    with sit(router, shell) as terminal:
        terminal.wait_prompt(f"{router.namespace.name}# ")
        terminal.enter("disable")
        terminal.enter("terminal monitor staticd")
        unknown = "% [STATIC] Unknown command: terminal monitor"
        terminal.wait_for(f"{unknown}\n% failed to enable logs on staticd")


def test_c_says_that_nobody_would_see_them(router: Router) -> None:
    """FRR's own vtysh dies by a signal here."""
    argv = [*OurRouter.vtysh_argv(router), "-c", "terminal monitor"]  # type: ignore[arg-type]
    done = router.namespace.run(argv, check=False)
    said = (done.stdout, done.stderr, done.returncode)
    assert said == ("% terminal monitor needs an interactive shell\n", "", 0)


def test_monitor_log_is_live_filtered_and_stopped(router: Router) -> None:
    prompt = f"{router.namespace.name}# "
    with sit(router, "ours") as terminal, Vty(router.run, "staticd") as other:
        terminal.wait_prompt(prompt)
        terminal.enter("monitor log staticd | include seen")

        def heard() -> bool:
            other.ask("logmsg errors passed over")
            other.ask("logmsg errors seen by all")
            return "[ERR!] staticd: seen by all" in terminal.text()

        until(heard, 30, "a line of the log")
        assert "passed over" not in terminal.text()
        terminal.press("^C")
        terminal.wait_prompt(prompt)
        terminal.enter("monitor log ospfd")
        terminal.wait_for("% ospfd is not running")
