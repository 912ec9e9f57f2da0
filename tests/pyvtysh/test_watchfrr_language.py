"""What vtysh asks of every daemon, our watchfrr takes too; answers as FRR's watchfrr gives them."""

import pytest

from grammar.base.log import Level, MemoryLog
from grammar.session import Session
from pyvtysh.host.watchfrr.watchfrr import State, Watchfrr


def session() -> tuple[Session, MemoryLog]:
    log = MemoryLog()
    made = Watchfrr(log, ["zebra", "bgpd"], lambda: ["written\n"])
    for watched in made.watched.values():
        watched.state = State.UP
    found = Session(made)
    run(found, "enable")
    return found, log


def run(found: Session, line: str) -> tuple[str, int]:
    reply = found.execute(line)
    return "".join(reply.output), reply.status


@pytest.mark.parametrize(
    "line",
    [
        "autocomplete 2 (1-255) distance",
        "write",
        "write memory",
        "write terminal",
        "do write memory",
        "copy running-config startup-config",
        "show startup-config",
        "show history",
        "show running-config",
        "show debugging",
        "terminal length 0",
        "terminal no length",
        "configure terminal",
    ],
)
def test_lines_for_all_daemons_are_taken_without_a_word(line: str) -> None:
    assert run(session()[0], line) == ("", 0)


def test_what_it_does_not_know_it_says() -> None:
    assert run(session()[0], "router bgp 1") == (
        "% [WATCHFRR] Unknown command: router bgp 1\n",
        2,
    )


def test_it_writes_the_file_of_all() -> None:
    assert run(session()[0], "write integrated") == ("written\n", 0)


def test_a_line_for_its_log() -> None:
    found, log = session()
    assert run(found, "logmsg errors somebody was here") == ("", 0)
    assert log.messages == [(Level.ERRORS, "somebody was here")]


def test_nothing_is_written_before_a_daemon_has_its_part_of_the_file() -> None:
    found, _ = session()
    found.daemon.unloaded.add("bgpd")
    refused = ("% frr.conf is being loaded into bgpd, cannot write config.\n", 13)
    assert run(found, "write integrated") == refused
    found.daemon.watched["bgpd"].ignored = True
    assert run(found, "write integrated") == ("written\n", 0)
