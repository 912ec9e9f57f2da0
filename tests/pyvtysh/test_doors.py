"""Who comes in at the vty sockets of real processes, and what they may do there."""

import grp
import json
import os
import re
import shlex
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.pyvtysh.hosting import BIN, LIMIT, Place, public_place
from tests.support.terminal import Terminal
from tests.support.wait import until

pytestmark = pytest.mark.real

VIEW_GROUP = "games"
"""Any group that is there and nobody is in."""
FRR_VTYSH = Path("/usr/bin/vtysh")
BGPD_CONF = """\
hostname r1
router bgp 65001
 neighbor 192.0.2.9 remote-as 65009
 neighbor 192.0.2.9 password correct-horse
"""
PAGE = Path(__file__).parents[2] / "docs" / "shell-access.md"
EXAMPLE = re.compile(r"^(alice\$|#) (\w.*)\n((?:(?!```|alice\$|# ).*\n)*)", re.MULTILINE)
TIME = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", re.MULTILINE)
REFUSED = "% This session is read-only: {}\n"


def as_member(*groups: str) -> tuple[str, ...]:
    """The words that run a program as a user without rights, in these groups."""
    numbers = ",".join(str(grp.getgrnam(name).gr_gid) for name in groups)
    which = f"--groups={numbers}" if numbers else "--clear-groups"
    return ("setpriv", "--reuid=65534", "--regid=65534", which)


@dataclass
class Said:
    out: str
    err: str
    status: int


@dataclass
class Router:
    place: Place
    log: Path

    def vtysh(
        self,
        *lines: str,
        who: tuple[str, ...] = (),
        program: Path = BIN / "vtysh",
        sockets: str = "",
        options: tuple[str, ...] = (),
    ) -> Said:
        where = ("--config_dir", self.place.config, "--vty_socket", self.place.run / sockets)
        words = [word for line in lines for word in ("-c", line)]
        done = subprocess.run(
            [*who, program, *where, *options, *words],
            capture_output=True,
            text=True,
            timeout=LIMIT,
            env={**os.environ, "VTYSH_HISTFILE": "/dev/null"},
        )
        return Said(done.stdout, done.stderr, done.returncode)


@pytest.fixture(scope="module")
def router() -> Iterator[Router]:
    """bgpd and staticd whose viewers are in VIEW_GROUP."""
    with public_place() as place:
        log = place.folder / "bgpd.log"
        (place.config / "bgpd.conf").write_text(BGPD_CONF)
        (place.config / "vtysh.conf").write_text("hostname r1\n")
        options = ("--view-group", VIEW_GROUP)
        to_log = ("--log-audit", "--log", f"file:{log}", "--log-level", "informational")
        with (
            place.start("bgpd", "-Z", "-p", "0", *options, *to_log) as bgpd,
            place.start("staticd", *options) as staticd,
        ):
            yield Router(place, log)
            assert (bgpd.stop(), staticd.stop()) == (0, 0)
        assert not (place.run / "read.only").exists()


def test_sockets_have_their_groups_and_modes(router: Router) -> None:
    run, view = router.place.run, router.place.run / "read.only"
    for path, group, mode in (
        (run / "bgpd.vty", "frrvty", 0o770),
        (view, VIEW_GROUP, 0o750),
        (view / "bgpd.vty", VIEW_GROUP, 0o770),
        (view / "staticd.vty", VIEW_GROUP, 0o770),
    ):
        status = path.stat()
        found = grp.getgrgid(status.st_gid).gr_name, stat.S_IMODE(status.st_mode)
        assert found == (group, mode), path


def test_the_page_shows_what_is_printed(router: Router) -> None:
    """docs/shell-access.md: `alice$` is a viewer, `#` root; the time of day is not compared."""
    ran = 0
    for prompt, command, says in EXAMPLE.findall(PAGE.read_text()):
        program, *words = shlex.split(command)
        if program != "vtysh":
            continue
        who = as_member(VIEW_GROUP) if prompt == "alice$" else ()
        said = router.vtysh(who=who, options=tuple(words)).out
        assert TIME.sub("TIME", said) == TIME.sub("TIME", says), command
        ran += 1
    assert ran == 5


def test_strangers_stay_outside(router: Router) -> None:
    for options in ((), ("--read-only",)):
        said = router.vtysh("show version", "show bgp", who=as_member(), options=options)
        assert (said.out, said.status) == ("", 1)
        assert "failed to connect to any daemons" in said.err


def test_a_viewer_looks_and_changes_nothing(router: Router) -> None:
    """With no option: who may not use the one socket is taken to the other."""
    viewer = as_member(VIEW_GROUP)
    assert "default" in router.vtysh("show bgp vrfs", who=viewer).out
    said = router.vtysh("configure terminal", "router bgp 65002", who=viewer)
    assert said == Said(REFUSED.format("configure terminal"), "", 1)
    for line in ("clear bgp *", "write"):
        said = router.vtysh(line, who=viewer)
        assert said == Said(REFUSED.format(line), "", 1)
    shown = router.vtysh("show running-config", who=viewer)
    assert "router bgp 65001" in shown.out


def test_frrs_own_shell_is_refused_by_the_daemons(router: Router) -> None:
    """It knows nothing of viewers: the daemon is who refuses, on either socket by the group."""
    viewer = as_member(VIEW_GROUP)
    for sockets, who in (("read.only", viewer), ("read.only", ())):
        for lines in (
            ("configure terminal", "no router bgp 65001"),
            ("clear bgp *",),
            ("debug bgp updates",),
        ):
            said = router.vtysh(*lines, who=who, program=FRR_VTYSH, sockets=sockets)
            assert said.out.splitlines()[0] + "\n" == REFUSED.format(lines[0])
        shown = router.vtysh("show bgp vrfs", who=who, program=FRR_VTYSH, sockets=sockets)
        assert "default" in shown.out


def test_a_viewer_who_gets_to_the_usual_socket_is_known_there(router: Router) -> None:
    """By the groups that the kernel tells, whatever the mode of the socket is."""
    path = router.place.run / "bgpd.vty"
    mode = stat.S_IMODE(path.stat().st_mode)
    path.chmod(0o777)
    try:
        said = router.vtysh("clear bgp *", who=as_member(VIEW_GROUP))
        assert said.out == REFUSED.format("clear bgp *")
        said = router.vtysh("clear bgp *", who=as_member(VIEW_GROUP, "frrvty"))
        assert said.out == ""
    finally:
        path.chmod(mode)


def test_who_may_configure_can_choose_to_look(router: Router) -> None:
    said = router.vtysh("configure terminal", "router bgp 65002", options=("--read-only",))
    assert said == Said(REFUSED.format("configure terminal"), "", 1)
    lines = ("show bgp vrfs", "do show version", "list", "write terminal", "nonsense")
    said = router.vtysh(*lines, options=("--read-only",))
    assert "read-only" not in said.out
    assert said.out.endswith("% Unknown command: nonsense\n")


def test_the_audit_names_who_did_what_in_which_daemons(router: Router) -> None:
    secret = "neighbor 192.0.2.7 password horse"
    peer = "neighbor 192.0.2.7 remote-as 65007"
    router.vtysh("conf t", "router bgp 65001", peer, secret)
    router.vtysh("conf t", "route-map AUDITED permit 10", who=as_member("frrvty"))
    router.vtysh("conf t", "log timestamp precision 3")
    rows = json.loads(router.vtysh("show configuration audit json").out)
    found = {(row["user"], ",".join(row["daemons"]), row["mode"], row["line"]) for row in rows}
    assert ("root", "bgpd", "(config-router)", peer) in found
    assert ("nobody", "bgpd", "(config)", "route-map AUDITED permit 10") in found
    assert ("root", "bgpd,staticd", "(config)", "log timestamp precision 3") in found
    shown = router.vtysh("show configuration audit").out
    assert shown.splitlines()[0].split() == [
        "Time",
        "User",
        "Terminal",
        "Daemons",
        "Result",
        "Line",
    ]
    assert re.search(rf"root +- +bgpd +ok +\(config-router\)# {re.escape(peer)}\n", shown)
    assert "horse" not in shown + router.log.read_text()
    assert f"audit: root - (config-router)# {peer} [ok]" in router.log.read_text()


def test_the_audit_names_the_terminal(router: Router) -> None:
    place = router.place
    where = ("--config_dir", str(place.config), "--vty_socket", str(place.run))
    env = {"VTYSH_HISTFILE": "/dev/null"}
    with Terminal([str(BIN / "vtysh"), *where], env=env, columns=132) as terminal:
        terminal.enter("clear thread cpu")
        terminal.enter("show configuration audit 1")

        def shown() -> bool:
            line = r"root +pts/\d+ +bgpd,staticd +ok +clear thread cpu"
            return re.search(line, terminal.text()) is not None

        until(shown, LIMIT, "the line and its terminal")


def test_a_terminal_obeys_no_text_of_others(router: Router) -> None:
    """A description stands for a neighbor's host name and the like; programs get the bytes."""
    hostile, harmless = "x\x1b]0;owned\x07y", "x\\x1b]0;owned\\x07y"
    neighbor = "neighbor 192.0.2.17"
    lines = (f"{neighbor} remote-as 65017", f"{neighbor} description {hostile}")
    router.vtysh("conf t", "router bgp 65001", *lines)
    ask, place = "show bgp neighbors 192.0.2.17", router.place
    assert hostile in router.vtysh(ask).out
    assert hostile in router.vtysh("show running-config").out
    where = ("--config_dir", str(place.config), "--vty_socket", str(place.run))
    words = [str(BIN / "vtysh"), *where, "-H", "/dev/null"]
    with Terminal([*words, "-c", ask], rows=60) as terminal:
        terminal.wait_for(f"Description: {harmless}")
    with Terminal(words) as terminal:
        terminal.enter("show bgp neighbors 192.0.2.17 | include Description")
        terminal.wait_for(f"Description: {harmless}")
        terminal.enter("show running-config bgpd no-header")
        terminal.wait_for(f"description {harmless}")


BECOME = """
import os, grp
from pyvtysh.host.background import _KEPT, _become
_become(65534, 65534, _KEPT, ("frrvty", "{view}", "no-such-group"))
print(open("/proc/self/status").read())
for regain in (lambda: os.setuid(0), lambda: os.setgid(0), lambda: os.setgroups([0])):
    try:
        regain()
    except PermissionError:
        print("Refused: yes")
"""


def test_rights_are_dropped_for_good() -> None:
    """What `-u` does: the user, the groups of the sockets, and three rights in the network."""
    argv = [sys.executable, "-c", BECOME.format(view=VIEW_GROUP)]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=LIMIT)
    assert done.stderr == ""
    lines = [line.split() for line in done.stdout.splitlines() if line]
    assert lines.count(["Refused:", "yes"]) == 3
    status = {name: values for name, *values in lines}
    assert status["Uid:"] == status["Gid:"] == ["65534"] * 4
    groups = {int(number) for number in status["Groups:"]}
    assert groups == {65534, *(grp.getgrnam(name).gr_gid for name in ("frrvty", VIEW_GROUP))}
    kept = 1 << 10 | 1 << 12 | 1 << 13  # CAP_NET_BIND_SERVICE, CAP_NET_ADMIN, CAP_NET_RAW
    assert {int(status[name][0], 16) for name in ("CapEff:", "CapPrm:")} == {kept}
    assert int(status["CapInh:"][0], 16) == 0
