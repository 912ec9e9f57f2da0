"""vtysh's options, files and own commands: ours and FRR's over the same daemons of FRR's.

Every case is run with both; standard output, standard error and exit status are to be equal.
"""

import os
import stat
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.frr import FrrRouter
from tests.support.namespaces import Lab
from tests.support.ours import BIN

pytestmark = pytest.mark.real

AF = ("conf t", "router bgp 65001", "address-family ipv4 unicast")
MANY = "router bgp 65001\n address-family ipv4 unicast\n"

FILES = {
    "good": "hostname aa\n!\n# text\nip route 10.1.0.0/16 blackhole\n"
    "no ip route 10.1.0.0/16 blackhole\nend\n",
    "bad": "hostname aa\nfoo a\n",
    "cut": "foo a\nip route 10.1.0.0/16",
    "cut-refused": "router bgp 65099",
    "worse": "foo\nip route 1.2.3.4/33 blackhole\nip route\nhostname\ni\nrouter bgp 65001\n bgp\n",
    "refused": "router bgp 65099\n neighbor 1.1.1.1 remote-as 5\nrouter bgp 65001\n"
    " neighbor 10.9.0.2 remote-as\nlog file /none/x\n",
    "begun": MANY
    + "  no neighbor 10.9.0.250\n  no timers bgp\n  bgp router-id\n  neighbor 10.9.0.2\n",
    "exits": "exit\nhostname b\n",
    "ends": "end\nhostname b\nquit\nfoo\n",
    "leaves": "router bgp 65001\nexit\nexit\nexit\nfoo\n",
    "execs": "do show daemons\nshow daemons\nconfigure terminal\nenable\ndisable\nwrite\n",
    "spaces": "router bgp 65001 \t \r\n\tneighbor 10.9.0.77 remote-as 5\n\n   \n  ! c\n #d\nend\n"
    " no neighbor 10.9.0.77",
    "password": "password\npassword 8 abc\nno password\nno enable password\n",
    "others": "router ospf\n network 10.0.0.0/8 area 0\n!\nkey chain k\n key 1\n!\n",
    "lists": "ip prefix-list a seq 5 permit any\nroute-map x permit 10\n"
    " match ip address prefix-list a\n set metric 5\n on-match next\nexit\n"
    "no route-map x\nno ip prefix-list a\n",
    "nodes": MANY + "  exit-address-family\n exit\ninterface eth0\n!\nip forwarding\nvrf red\n"
    " ip route 10.0.0.0/8 blackhole\n exit-vrf\nline vty\n!\nno vrf red\n",
    "long": "x" * 5000 + "\nhostname " + "y" * 4500 + "\n",
    "script": "#!/bin/sh -f\nhostname c\n",
}


@dataclass
class Case:
    """A run of vtysh: its words, in which `@NAME` is a file of `FILES`, and its input."""

    words: tuple[str, ...]
    stdin: str = ""


def c(*lines: str) -> tuple[str, ...]:
    return tuple(word for line in lines for word in ("-c", line))


CASES = [
    # options
    *(Case((word,)) for word in ("-x", "-c", "--foo", "--command", "--boo=1", "--d", "-m")),
    Case(("-D", "-c", "show daemons")),
    *(Case(words) for words in (("-N", "a/b"), ("-N", "a.b"), ("-b", "-C"), ("-w", "-m"))),
    Case(("foo", *c("show daemons"), "bar")),
    Case(("--daemon=bgpd", *c("show daemons"))),
    Case(("-d", "bgpd", *c("show ip route"))),
    Case(("-d", "nosuch", *c("show daemons"))),
    Case(("-d", "bgpd", *c("conf t", "ip route 1.1.1.1/32 blackhole"))),
    Case(("-n", *c("foo", "show daemons"))),
    Case(("-n", "-b")),
    Case(("-E", *c("show daemons\nconf t\nexit", "foo"))),
    Case(("-E", "-u", *c("show daemons"))),
    Case(("-t", "-E", *c("exit"))),
    # -c
    Case(c("", "  ", "\n\n", "show daemons", "foo", "show daemons")),
    *(Case(c(line)) for line in ("sho", "show", "show ip bgp x y z", "exit\nfoo", "end", "foo ?")),
    Case(c("disable", "show daemons", "conf t")),
    Case(c("conf t", "exit", "exit", "foo")),
    *(Case(("-u", *c(line))) for line in ("show daemons", "conf t", "enable", "list", "disable")),
    Case(c(*AF, "no neighbor 10.9.0.250")),
    Case(c(*AF, "bgp router-id")),
    Case(c(*AF, "r")),
    # files
    *(
        Case((*words, f"@{name}"))
        for name in FILES
        for words in (("-f",), ("-C", "-f"))
        if words == ("-f",)
        or name not in ("good", "exits", "spaces", "script", "refused", "cut-refused")
    ),
    *(
        Case(("-m", "-f", f"@{name}"))
        for name in FILES
        if name not in ("leaves", "ends", "good", "cut-refused")
    ),
    *(Case((*words, "/none/x")) for words in (("-f",), ("-C", "-f"), ("-m", "-f"))),
    *(Case((*words, "/tmp")) for words in (("-f",), ("-m", "-f"))),
    Case(("-f", "@good", "-f", "@bad")),
    Case(("-C", "-f", "@bad", *c("show daemons"))),
    Case(("-b", "-f", "@bad")),
    Case(("-b", *c("show daemons"))),
    Case(("-b",)),
    Case(("-C",)),
    Case(("-u", "-f", "@bad")),
    Case(("-f", "-"), stdin="foo\n"),
    Case(("-m", "-f", "-"), stdin="hostname x\nrouter bgp 65001\n!\n"),
    # -C with lines
    *(Case(("-C", *c(line))) for line in ("show daemons", "foo", "show", "show?")),
    Case(("-C", *c("conf t", "hostname x", "do show version"))),
    Case(("-C", *c("conf t", "router bgp 1", "exit"))),
    Case(("-C", "-n", *c("foo", "show"))),
    # standard input
    Case((), stdin="show daemons\n\n! foo\n  show daemons  \nshow da|inc x\nconf t\nexit\nfoo"),
    Case(("-u",), stdin="foo\nconf t\nexit\n"),
    # own commands
    Case(c("conf t", "hostname -bad")),
    Case(c("conf t", "hostname " + "a" * 300)),
    Case(c("conf t", "no hostname", "do show running-config", "do show version")),
    Case(c("conf t", "username u nopassword", "domainname d.org", "do show running-config")),
    Case(c("conf t", "no service integrated-vtysh-config", "do show running-config")),
    Case(c("conf t", "banner motd file /none/x", "do show daemons")),
    Case(c("conf t", "banner motd line a  b", "do show running-config", "banner motd default")),
    Case(c("conf t", "log facility local3", "do show logging", "no log facility")),
    Case(c("conf t", "password 8 abc", "do show running-config", "no password")),
    Case(c("conf t", "line vty", "exec-timeout 1 30", "do show running-config", "no exec-timeout")),
    Case(c("debug unique-id ABCDE-FGHIJ backtrace", "show memory ospfd", "terminal length 0")),
    Case(c("terminal length 24", "terminal paginate", "no terminal paginate")),
    *(Case(c(line)) for line in ("show startup-config", "show error 1", "show modules", "echo a")),
    *(Case(c(line)) for line in ("show yang", "write foo", "copy a", "show history x")),
]


@dataclass
class Two:
    """FRR's daemons, and how FRR's vtysh and ours are called for them."""

    router: FrrRouter
    files: Path

    def run(self, program: str, case: Case, **env: str) -> tuple[str, str, int]:
        router = self.router
        words = [
            str(self.files / word[1:]) if word.startswith("@") else word for word in case.words
        ]
        places = ("--vty_socket", str(router.run), "--config_dir", str(router.config))
        done = subprocess.run(
            router.namespace.argv([program, *places, *words]),
            input=case.stdin.encode(),
            capture_output=True,
            timeout=30,
            env={**os.environ, "VTYSH_HISTFILE": "/dev/null", **env},
        )
        out, err = (
            text.decode(errors="surrogateescape").replace(program, "vtysh")
            for text in (done.stdout, done.stderr)
        )
        return out, err, done.returncode

    def both(self, case: Case) -> tuple[tuple[str, str, int], tuple[str, str, int]]:
        with ThreadPoolExecutor(2) as pool:
            theirs = pool.submit(self.run, "/usr/bin/vtysh", case)
            ours = pool.submit(self.run, str(BIN / "vtysh"), case)
        return ours.result(), theirs.result()


@pytest.fixture(scope="module")
def two(lab: Lab) -> Two:
    router = FrrRouter(lab.namespace("router"))
    router.start()
    router.configure("router bgp 65001")
    files = router.namespace.directory / "files"
    files.mkdir()
    for name, text in FILES.items():
        (files / name).write_bytes(text.encode())
    return Two(router, files)


def shown(case: Case) -> str:
    return f"{' '.join(case.words)} {case.stdin!r}"[:60].replace("\n", "|").replace("/", ".")


@pytest.mark.parametrize("case", CASES, ids=shown)
def test_both_say_the_same(two: Two, case: Case) -> None:
    ours, theirs = two.both(case)
    assert ours == theirs


def test_what_is_not_the_same_on_purpose(two: Two) -> None:
    """`--no-fork` is later FRRs'; who finds no daemon is told where we looked."""
    program = str(BIN / "vtysh")
    assert two.run(program, Case(("--no-fork", "-c", "show daemons")))[2] == 0
    case = Case(("--vty_socket", "/none", "-c", "show daemons"))
    ours, theirs = two.both(case)
    assert theirs == ("", "Exiting: failed to connect to any daemons.\n", 1)
    assert ours == ("", f"{theirs[1]}vtysh: /none: no daemon's socket is there\n", 1)


def test_a_script_names_vtysh_in_its_first_line(two: Two) -> None:
    for program in ("/usr/bin/vtysh", str(BIN / "vtysh")):
        path = two.files / "run"
        path.write_text(f"#!{program} -f\nfoo\n")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        place = f"--vty_socket={two.router.run}"
        argv = two.router.namespace.argv([path, place, "--config_dir", two.router.config])
        done = subprocess.run(argv, capture_output=True, text=True, timeout=30)
        assert (done.stdout, done.stderr, done.returncode) == (
            "",
            "line 2: % Unknown command[4]: foo\n",
            2,
        )
