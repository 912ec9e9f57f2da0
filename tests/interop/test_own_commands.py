"""Own commands of the daemons' vty and of vtysh beside FRR's, over FRR's daemons and over ours."""

import os
import re
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import pytest

from tests.support.frr import FrrRouter
from tests.support.namespaces import Lab
from tests.support.ours import BIN, OurRouter
from tests.support.router import Router
from tests.support.wait import until

pytestmark = pytest.mark.real

VTYSH = ("/usr/bin/vtysh", str(BIN / "vtysh"))

BAD = (
    *("(", "[a", "*a", "a{", "a{1", "a{2,1}", "a{x}", "[b-a]", "[[:foo:]]", "[[=", "a\\", "+a"),
    *("?", "a|*", "(*a)", "^*", "{1}", "a{1,99999}", "[^]", "[a-", "a{-1}", "\\1", "[[:alpha:]"),
)
"""Expressions that are none; FRR's words for each."""

UNUSUAL = ("a)zzz", "[[.x.]]zzz", "zz**q", "(|b)zzz", "[]z]zz", "zz{,3}q")
"""Expressions in which Python's and POSIX's ways differ, and which nothing matches."""

CONF = "configure terminal"
VTY = (CONF, "line vty")
ON_DAEMONS: tuple[tuple[str, ...], ...] = (
    *((f"find {text}",) for text in (*BAD, *UNUSUAL)),
    ("who",),
    ("show commandtree x",),
    ("show thread cpu x y",),
    ("show event cpu",),
    ("show yang",),
    ("show yang operational-data",),
    ("show yang operational-data /x:y",),
    ("show yang operational-data /x:y format xml with-config",),
    ("show yang operational-data /x:y translate x",),
    ("show yang module nosuch",),
    ("show yang module nosuch summary",),
    ("show yang module module-translator x",),
    ("show yang module-translator",),
    ("show configuration running",),
    ("show configuration running json",),
    ("show configuration running xml translate x",),
    (CONF, "yang module-translator load x", "yang module-translator unload x"),
    (CONF, "agentx", "no agentx"),
    (CONF, "banner motd file", "banner motd file /none/x", "banner motd file /etc/passwd"),
    ("debug unique-id ABCDE-FGHIJ backtrace", "no debug unique-id ABCDE-FGHIJ backtrace"),
    ("debug northbound", "show debugging", "no debug northbound"),
    ("debug northbound callbacks configuration", "show debugging", "no debug northbound"),
    (*VTY, "no access-class", "no ipv6 access-class", "no ipv6 access-class x"),
    (*VTY, "access-class x", "no access-class y", "access-class", "no access-class x"),
    (*VTY, "access-class x", "no access-class", "no access-class"),
    (*VTY, "ipv6 access-class x", "no ipv6 access-class y", "no ipv6 access-class x"),
)
IN_VTYSH: tuple[tuple[str, ...], ...] = (
    *((f"find {text}",) for text in ("(", "a{", "a**zzz")),
    ("who",),
    (CONF, "who"),
    ("show commandtree",),
    ("show commandtree permutations",),
    ("show event cpu",),
    ("show memory nosuch",),
    ("show yang module",),
    ("show yang module-translator",),
    ("show yang module nosuch tree staticd",),
    ("show yang operational-data /x:y",),
    ("show yang operational-data /x:y bgpd",),
    ("show configuration running staticd",),
    (CONF, "agentx"),
    (CONF, "no agentx", "do show daemons"),
    (CONF, "yang module-translator load x"),
    ("debug unique-id ABCDE-FGHIJ backtrace", "show daemons"),
    ("debug northbound", "no debug northbound"),
    (*VTY, "no access-class", "do show daemons"),
    (*VTY, "access-class x", "no access-class y"),
)


@pytest.fixture(scope="module")
def routers() -> Iterator[tuple[FrrRouter, OurRouter]]:
    with Lab() as lab:
        pair = FrrRouter(lab.namespace("same-a")), OurRouter(lab.namespace("same-b"))
        for router in pair:
            router.start()
        yield pair


def ask(router: Router, daemon: str, *lines: str) -> list[tuple[str, int]]:
    """The answers of a daemon's vty in enable mode, each with its status."""
    answers = []
    with socket.socket(socket.AF_UNIX) as vty:
        vty.settimeout(20)
        vty.connect(str(router.run / f"{daemon}.vty"))
        for line in ("enable", *lines):
            vty.sendall(line.encode() + b"\0")
            answer = b""
            while answer[-4:-1] != b"\0\0\0":
                answer += vty.recv(65536)
            answers.append((answer[:-4].decode(), answer[-1]))
    return answers[1:]


def text_of(router: Router, daemon: str, line: str) -> list[str]:
    ((text, status),) = ask(router, daemon, line)
    assert status == 0
    return text.splitlines()


@dataclass
class Said:
    """What a run of vtysh said, and its exit status."""

    out: str
    err: str
    exit: int


def run(router: Router, program: str, *lines: str) -> Said:
    words = [word for line in lines for word in ("-c", line)]
    places = ("--vty_socket", router.run, "--config_dir", router.config)
    argv = router.namespace.argv([program, *places, *words])
    env = {**os.environ, "VTYSH_HISTFILE": "/dev/null"}
    done = subprocess.run(argv, capture_output=True, text=True, timeout=30, env=env)
    return Said(done.stdout, done.stderr, done.returncode)


@pytest.mark.parametrize("daemon", ["zebra", "bgpd", "staticd"])
def test_daemons_say_the_same(routers: tuple[FrrRouter, OurRouter], daemon: str) -> None:
    for lines in ON_DAEMONS:
        theirs, ours = (ask(router, daemon, *lines) for router in routers)
        assert theirs == ours, lines


@pytest.mark.parametrize("lines", IN_VTYSH, ids=" | ".join)
def test_vtysh_says_the_same(routers: tuple[FrrRouter, OurRouter], lines: tuple[str, ...]) -> None:
    """Either vtysh over either router's daemons."""
    said = [run(router, program, *lines) for router in routers for program in VTYSH]
    assert said == said[:1] * 4


@pytest.mark.parametrize("daemon", ["zebra", "bgpd", "staticd"])
def test_lists_have_frrs_form(routers: tuple[FrrRouter, OurRouter], daemon: str) -> None:
    """Which lines there are is each program's own; how they are written, and their order, not."""
    for router in routers:
        listed = text_of(router, daemon, "list")
        assert text_of(router, daemon, "show commandtree") == listed
        assert all(re.match(r"    [\[a-zX]", line) for line in listed)
        assert "    show commandtree [permutations]" in listed
        every = text_of(router, daemon, "list permutations")
        assert text_of(router, daemon, "show commandtree permutations") == every
        assert all(re.match(r"  [a-zX]", line) for line in every)
        assert len(set(every)) > len(listed)
        several = [line for line in every if re.match(r"  show (commandtree|error)\b", line)]
        assert several == [
            "  show commandtree permutations",
            "  show commandtree",
            "  show error (1-4294967295) json",
            "  show error (1-4294967295)",
            "  show error all json",
            "  show error all",
        ]


def test_modules_have_frrs_table(routers: tuple[FrrRouter, OurRouter]) -> None:
    """Ours has no model."""
    theirs, ours = (text_of(router, "staticd", "show yang module") for router in routers)
    assert ours == [*theirs[:4], ""]


HEAP = re.compile(
    r"System allocator statistics:\n"
    r"(?:  (?:Total heap allocated|Holding block headers|(?:Used|Free) (?:small|ordinary) blocks):"
    r" +\d+ (?:bytes|KiB|MiB)\n){6}"
    r"(?:  (?:Ordinary|Small|Holding) blocks: +\d+\n){3}"
    r"\(see system documentation for 'mallinfo' for meaning\)\n"
)
PART = re.compile(r"--- qmem ([^-]+) ---")
HEAD = "Type                          : Current#   Size       Total     Max#  MaxBytes"
ROW = re.compile(r"(\S.{28}.*?) *: {1,}(\d+) +(\d+|variable) +(\d+) +(\d+) +(\d+)")


def counts(router: Router, daemon: str) -> dict[str, int]:
    """The objects of a daemon's own part of `show memory`, all of whose lines are looked at."""
    ((text, _),) = ask(router, daemon, "show memory")
    heap = HEAP.match(text)
    assert heap, text
    part, found = "", {}
    for line in text[heap.end() :].splitlines():
        if title := PART.fullmatch(line):
            part = title[1]
        elif line != HEAD:
            row = ROW.fullmatch(line)
            assert row, line
            if part == daemon:
                found[row[1].strip()] = int(row[2])
    return found


def _has_links(router: Router) -> bool:
    return {"mem-a", "mem-b"} <= set(router.show("show interface brief").split())


def test_memory_has_frrs_form(routers: tuple[FrrRouter, OurRouter]) -> None:
    """The lines are each program's own; of what both count they count the same."""
    for router in routers:
        router.namespace.ip("link", "add", "mem-a", "type", "veth", "peer", "name", "mem-b")
        until(partial(_has_links, router), 10, "zebra knows the links")
        router.vtysh("configure terminal", "router bgp 65001", "neighbor 10.9.9.9 remote-as 65002")
    found = [
        {daemon: counts(router, daemon) for daemon in ("zebra", "bgpd", "staticd")}
        for router in routers
    ]
    theirs, ours = found
    for kind in ("Zebra Interface Information", "ZEBRA VRF"):
        assert theirs["zebra"][kind] == ours["zebra"][kind]
    assert ours["zebra"]["Zebra Interface Information"] == 3
    assert ours["bgpd"]["BGP instance"] == ours["bgpd"]["BGP peer"] == 1
    assert {"BGP instance", "BGP peer", "BGP table"} <= set(theirs["bgpd"]) & set(ours["bgpd"])


TELNET = """
import socket, sys
port, *lines = sys.argv[1:]
with socket.create_connection(("127.0.0.1", int(port)), 10) as vty:
    said = b""
    for line in lines:
        vty.sendall(line.encode() + b"\\r\\n")
    while said.count(b" connected from ") < 2:
        some = vty.recv(65536)
        if not some:
            break
        said += some
print([line for line in said.decode("latin-1").splitlines() if " connected from " in line])
"""


def test_who_names_the_users_of_terminals(lab: Lab) -> None:
    """One line each; a star marks who configures."""
    said = []
    for kind in (FrrRouter, OurRouter):
        router = kind(lab.namespace(f"who-{kind.kind}"))
        router.start("zebra")
        router.write("who.conf", "password a\nservice advanced-vty\n").chmod(0o644)
        argv = router.daemon_argv("staticd")
        argv = [word for word in argv if word != router.config / "staticd.conf" and word != "-f"]
        process = router.namespace.spawn(
            [*argv, "-f", router.config / "who.conf", "-P", "2616"], log="who.out"
        )
        process.await_ready((router.run / "staticd.vty").is_socket, "staticd listens")
        script = ["python3", "-c", TELNET, "2616", "a", "who", "conf t", "do who"]
        shown = router.namespace.run(script, timeout=20).stdout
        said.append(re.sub(r"vty\[\d+\]", "vty[N]", shown))
        process.stop()
    expected = [f"{mark}vty[N] connected from 127.0.0.1." for mark in " *"]
    assert said == [f"{expected}\n"] * 2
