"""What a dead shell left, and nobody's shell comes: the router itself sees to it."""

import json
import os
import signal
from collections.abc import Iterator
from contextlib import suppress

import pytest

import pyvtysh
from pyvtysh.candidate.confirm import boot, uptime
from pyvtysh.candidate.lock import Lock, LockedError
from tests.candidate.test_daemons import guards, pending, shorten, type_in
from tests.support.namespaces import Lab
from tests.support.ours import EmbeddedRouter
from tests.support.wait import until

pytestmark = pytest.mark.real

SHELL_LINES = ("configure private", "ip route 10.99.0.0/24 blackhole")


@pytest.fixture(scope="module")
def router() -> Iterator[EmbeddedRouter]:
    with Lab() as lab:
        made = EmbeddedRouter(lab.namespace("left"), {"frr.conf": "ip route 10.1.0.0/16 Null0\n"})
        made.start()
        yield made
        made.stop()


def conversation(router: EmbeddedRouter) -> pyvtysh.Router:
    return pyvtysh.connect(str(router.run), config_dir=str(router.config))


def killed(router: EmbeddedRouter) -> None:
    """As when a service manager ends all of a session: shell and guards at once."""
    for sent in (signal.SIGSTOP, signal.SIGKILL):
        for each in guards(router):
            with suppress(ProcessLookupError):
                os.kill(each, sent)


def test_the_router_keeps_the_time_when_all_of_a_session_is_killed(router: EmbeddedRouter) -> None:
    with conversation(router) as shell:
        before = shell.running_config()
        assert "is taken back at" in type_in(shell, *SHELL_LINES, "commit confirmed 1")
        shell.shell.candidate = None
        until(lambda: len(guards(router)) == 2, 20, "both processes")
    killed(router)
    shorten(router, 0)
    until(lambda: not pending(router).exists(), 60, "it is taken back, with no shell")
    with conversation(router) as shell:
        assert shell.running_config() == before
        said = type_in(shell, "configure private")
        assert said.endswith("was not confirmed within 1 minutes: it was taken back\n")
        assert type_in(shell, "configure private") == ""  # it is told once
        type_in(shell, "end")


def test_the_router_undoes_what_was_cut_short(router: EmbeddedRouter) -> None:
    """A commit is in force, and its file says that it is not through: nobody finishes it."""
    at_work = pending(router).with_name("at-work")
    with conversation(router) as shell:
        before = shell.running_config()
        type_in(shell, *SHELL_LINES, "commit")
        commits = type_in(shell, "show configuration commits").splitlines()
        number = int(commits[1].split()[1])
        type_in(shell, "end")
        assert shell.running_config() != before
    left = {
        "commit": number,
        "back_to": number - 1,
        "minutes": 0,
        "deadline": uptime(),
        "boot": boot(),
        "user": "root",
        "terminal": "-",
        "vty_socket": str(router.run),
        "config_dir": str(router.config),
        "daemons": ["zebra", "staticd", "bgpd"],
    }
    at_work.write_text(json.dumps(left))
    until(lambda: not at_work.exists(), 60, "it is undone")
    with conversation(router) as shell:
        assert shell.running_config() == before
        said = type_in(shell, "configure private")
        assert f"Commit {number} was cut short: it was taken back" in said
        type_in(shell, "end")


def test_who_changes_the_daemons_is_waited_for(router: EmbeddedRouter) -> None:
    """A commit waits for who takes another one back; who stays too long is named."""
    busy = Lock(pending(router).with_name("busy"))
    busy.take("undoing")
    try:
        with pytest.raises(LockedError, match="undoing"):
            Lock(busy.path).take_within(0.1, "commit")
    finally:
        busy.release()
    other = Lock(busy.path)
    other.take_within(0.1, "commit")
    other.release()


def test_two_shells_at_one_router(router: EmbeddedRouter) -> None:
    """`exclusive` keeps others from committing, and is named; private ones meet at the commit."""
    with conversation(router) as one, conversation(router) as two:
        assert type_in(one, "configure exclusive", "ip route 10.51.0.0/16 blackhole") == ""
        said = type_in(two, "configure exclusive")
        assert said.startswith("% The configuration is locked by ")
        type_in(two, "configure private", "ip route 10.52.0.0/16 blackhole")
        said = type_in(two, "commit")
        assert said.startswith("% Not committed: the configuration is locked by ")
        assert f"process {os.getpid()}) since " in said
        assert " seconds: configure exclusive" in said
        assert type_in(two, "show configuration lock").startswith("Locked by ")
        assert "is in force" in type_in(one, "commit")
        type_in(one, "end")
        assert type_in(two, "show configuration lock") == "The configuration is not locked\n"
        assert "is in force" in type_in(two, "commit")  # its change and that of the other
        now = two.running_config()
        assert "ip route 10.51.0.0/16 blackhole" in now
        assert "ip route 10.52.0.0/16 blackhole" in now
        type_in(one, "configure private", "no ip route 10.51.0.0/16 blackhole")
        assert "is in force" in type_in(two, "no ip route 10.51.0.0/16 blackhole", "commit")
        type_in(one, "ip route 10.51.0.0/16 blackhole 9")
        assert "is in force" in type_in(one, "commit")
        type_in(two, "end")
        type_in(one, "end")
