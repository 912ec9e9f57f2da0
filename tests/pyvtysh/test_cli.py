"""`vtysh` as a program: options, exit statuses, what goes to which stream, and what it imports."""

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pyvtysh.serving import Served

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = """
import sys
sys.argv[0] = "vtysh"
from tests.grammar.toy import LANGUAGE
import pyvtysh.cli as cli
cli.load_languages = lambda: dict.fromkeys(("zebra", "bgpd"), LANGUAGE)
sys.exit(cli.main())
"""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with Served(tmp_path_factory.mktemp("run"), "zebra", "bgpd") as served:
        (served.directory / "vtysh.conf").write_text("")
        yield served


def run(
    served: Served, *words: str, stdin: str = "", env: dict[str, str] | None = None
) -> tuple[str, str, int]:
    """vtysh with these words: standard output, standard error, exit status."""
    places = ["--vty_socket", str(served.directory), "--config_dir", str(served.directory)]
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *places, *words],
        cwd=ROOT,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=20,
        env={**os.environ, "VTYSH_HISTFILE": str(served.directory / "history"), **(env or {})},
    )
    return done.stdout, done.stderr, done.returncode


def test_commands_run_up_to_the_first_bad_one(served: Served) -> None:
    assert run(served, "-c", "show daemons") == (" zebra bgpd\n", "", 0)
    assert run(served, "-c", "show daemons\nfoo\nshow daemons") == (
        " zebra bgpd\n% Unknown command: foo\n",
        "",
        1,
    )
    assert run(served, "-c", "exit", "-c", "foo") == ("", "", 0)
    assert run(served, "-e", "show daemons") == (" zebra bgpd\n", "", 0)


def test_a_warning_goes_on(served: Served) -> None:
    assert run(served, "-c", "show barn 99", "-c", "show daemons") == (
        "-1 barns\n zebra bgpd\n",
        "",
        0,
    )


def test_a_refusal_exits_with_1(served: Served) -> None:
    assert run(served, "-c", "conf t", "-c", "barn 13", "-c", "foo") == (
        "% Nobody builds that\n",
        "",
        1,
    )


def test_echo_and_time(served: Served) -> None:
    out, _, _ = run(served, "-E", "-c", "conf t", "-c", "end")
    prompts = [line.partition("#")[2] for line in out.splitlines()]
    assert prompts == [" conf t", " end"]
    assert "(config)#" in out
    out, _, _ = run(served, "-t", "-c", "show daemons")
    assert out.startswith("% 20")
    assert out.endswith("\n\n zebra bgpd\n")


def test_no_error_option_is_silent(served: Served) -> None:
    assert run(served, "-n", "-c", "foo") == ("", "", 0)


def test_user_mode(served: Served) -> None:
    assert run(served, "-u", "-c", "configure terminal")[2] == 1
    assert run(served, "-u", "-c", "enable") == ("% Unknown command: enable\n", "", 1)
    assert run(served, "-u", "-c", "show daemons")[2] == 0


def test_one_daemon_only(served: Served) -> None:
    assert run(served, "-d", "bgpd", "-c", "show daemons") == (" bgpd\n", "", 0)
    assert run(served, "-d", "nosuch", "-c", "show version") == (
        "",
        "Error: no daemons match name nosuch!\nExiting: failed to connect to any daemons.\n",
        1,
    )


def test_no_daemon_at_all(served: Served, tmp_path: Path) -> None:
    out, err, status = run(served, "--vty_socket", str(tmp_path), "-c", "show version")
    assert (out, status) == ("", 1)
    assert err.startswith(
        "Exiting: failed to connect to any daemons.\n"
        f"vtysh: {tmp_path}: no daemon's socket is there\n"
    )
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(tmp_path / "bgpd.vty"))
    _, err, status = run(served, "--vty_socket", str(tmp_path), "-c", "show version")
    assert f"vtysh: {tmp_path}/bgpd.vty: Connection refused\n" in err
    assert status == 1
    (tmp_path / "zebra.vty").write_text("")
    _, err, status = run(served, "--vty_socket", str(tmp_path), "-c", "show version")
    assert err == f"vtysh_connect({tmp_path}/zebra.vty): Not a socket\n"
    assert status == 1


def test_questions(served: Served) -> None:
    out, _, status = run(served, "-c", "show far?")
    assert out.split() == ["farm", "The", "farm"]
    assert status == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--nosuch"], "vtysh: unrecognized option '--nosuch'\n"),
        (["-x"], "vtysh: invalid option -- 'x'\n"),
        (["-c"], "vtysh: option requires an argument -- 'c'\n"),
        (["-N", "../x"], "slashes or dots are not permitted in the --pathspace option.\n"),
        (
            ["-b", "-C"],
            "Invalid combination of arguments.  Please specify at most one of:\n\t-b, -C, -m, -w\n",
        ),
        (["-m"], "-f option MUST be specified with -m option\n"),
    ],
)
def test_wrong_options(served: Served, words: list[str], said: str) -> None:
    _, err, status = run(served, *words)
    assert err.startswith(said)
    assert status == 1


def test_help(served: Served) -> None:
    out, err, status = run(served, "-h")
    assert out.startswith("Usage : vtysh [OPTION...]\n")
    assert (err, status) == ("", 0)


def test_a_missing_vtysh_conf_is_told_and_does_not_matter(served: Served, tmp_path: Path) -> None:
    out, err, status = run(served, "--config_dir", str(tmp_path), "-c", "show daemons")
    assert (out, status) == (" zebra bgpd\n", 0)
    path = tmp_path / "vtysh.conf"
    said = f"% Can't open configuration file {path} due to 'No such file or directory'.\n"
    assert err == said


def test_boot_loads_frr_conf(served: Served, tmp_path: Path) -> None:
    (tmp_path / "vtysh.conf").write_text("")
    (tmp_path / "frr.conf").write_text("barn 7\nfoo\n")
    _, err, status = run(served, "--config_dir", str(tmp_path), "-b")
    assert err == (
        "line 2: % Unknown command[90]: foo\n"
        f"Configuration file[{tmp_path}/frr.conf] processing failure: 2\n"
    )
    assert status == 2
    assert "barn 7\n" in run(served, "-c", "show running-config")[0]
    assert run(served, "-f", str(tmp_path / "none"), "-c", "x")[2] == 11


def test_mark_reads_standard_input_and_needs_no_daemon(served: Served, tmp_path: Path) -> None:
    place = ("--vty_socket", str(tmp_path))
    out, err, status = run(served, *place, "-m", "-f", "-", stdin="router rip\nrouter bgp 1\n")
    assert (err, status) == ("", 0)
    assert out.split() == ["router", "rip", "exit", "router", "bgp", "1", "end"]


def test_lines_from_standard_input_are_echoed(served: Served) -> None:
    out, err, status = run(served, stdin="conf t\nfoo bar\nend\nshow daemons\nquit\n")
    assert (err, status) == ("", 0)
    assert out.startswith("\nHello, this is FRRouting (version 8.4.4).\n")
    shown = [line.partition("# ")[2] or line for line in out.splitlines()[4:]]
    assert shown == [
        "conf t",
        "foo bar",
        "% Unknown command: foo bar",
        "end",
        "show daemons",
        " zebra bgpd",
        "quit",
    ]


def test_commands_go_into_the_history(served: Served, tmp_path: Path) -> None:
    path = tmp_path / "history"
    unset = {"VTYSH_HISTFILE": ""}
    run(served, "-H", str(path), "-c", "show daemons", "-c", "", "-c", " end\nfoo", env=unset)
    assert path.read_text() == "show daemons\n\n end\nfoo\n"
    assert path.stat().st_mode & 0o777 == 0o600
    out, _, _ = run(served, "-H", str(path), "-c", "show history", env=unset)
    assert out == "show daemons\n end\nfoo\nshow history\n"
    typed = "show daemons\nshow daemons\n\n  \nexit\n"
    other = {"VTYSH_HISTFILE": str(tmp_path / "other")}  # counts more than the option
    run(served, "-H", str(path), stdin=typed, env=other)
    assert (tmp_path / "other").read_text() == "show daemons\n  \nexit\n"
    assert path.read_text().endswith("foo\nshow history\n")


def test_the_history_is_cut(served: Served, tmp_path: Path) -> None:
    path = tmp_path / "history"
    path.write_text("".join(f"line {number}\n" for number in range(1005)))
    run(served, "-c", "show daemons", env={"VTYSH_HISTFILE": str(path)})
    lines = path.read_text().splitlines()
    assert (len(lines), lines[0], lines[-1]) == (1000, "line 6", "show daemons")


def test_commands_are_logged(served: Served, tmp_path: Path) -> None:
    log = tmp_path / "log"
    run(served, "-c", "conf t", "-c", "foo", env={"VTYSH_LOG": str(log), "USER": "ann"})
    wanted = r"\d{8}-\d\d:\d\d\.\d\d:ann conf t\n\d{8}-\d\d:\d\d\.\d\d:ann foo\n"
    assert re.fullmatch(wanted, log.read_text())


def test_output_file(served: Served, tmp_path: Path) -> None:
    path = tmp_path / "out"
    assert run(served, "-c", f"output file {path}", "-c", "show daemons")[0] == ""
    assert path.read_text() == " zebra bgpd\n"
    assert run(served, "-c", f"output file {tmp_path}", "-c", "show daemons") == (
        "",
        f"vtysh: cannot write {tmp_path}: Is a directory\n",
        1,
    )


COSTLY = (
    *("asyncio", "pyparsing", "prompt_toolkit", "pyroute2", "rich"),
    *("hashlib", "subprocess", "tempfile", "shutil", "logging", "zebra.show.views"),
    *("zebra.zapi", "bgp.show.views", "bgp.instance", "pyvtysh.host.main"),
)
MOST_MODULES = 262
"""What `vtysh -c` may import at most for a line that `pyvtysh.oneshot` leaves to the general way:
modules are what a start is made of (about 0.5 ms each). The short way imports five."""


def test_a_one_shot_imports_little_and_nothing_costly(served: Served) -> None:
    program = (
        "import sys\nbefore = set(sys.modules)\nfrom pyvtysh.cli import main\n"
        "main(sys.argv[1:])\nimported = set(sys.modules) - before\n"
        f"print([name for name in {COSTLY} if name in imported], len(imported))"
    )
    done = subprocess.run(
        [
            *(sys.executable, "-c", program, "--vty_socket", str(served.directory)),
            *("--config_dir", str(served.directory), "-H", "/dev/null"),
            *("-c", "show daemons", "-c", "show ip bgp summary"),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    costly, _, count = done.stdout.splitlines()[-1].rpartition(" ")
    assert done.stdout.startswith(" zebra bgpd\n"), done.stderr
    assert costly == "[]"
    assert int(count) <= MOST_MODULES


def test_bytes_that_are_no_text_pass_as_they_are(served: Served, tmp_path: Path) -> None:
    history = tmp_path / "history"
    places = ["--vty_socket", str(served.directory), "--config_dir", str(served.directory)]
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *places, "-H", history, "-c", b"show \xff"],
        cwd=ROOT,
        capture_output=True,
    )
    assert (done.stdout, done.stderr) == (b"% Unknown command: show \xff\n", b"")
    assert done.returncode == 1
    assert history.read_bytes() == b"show \xff\n"


def test_an_answer_that_cannot_be_written_is_one_sentence(served: Served) -> None:
    places = ["--vty_socket", str(served.directory), "--config_dir", str(served.directory)]
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM, *places, "-H", "/dev/null", "-c", "show daemons"],
            cwd=ROOT,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
        )
    assert done.stderr == "vtysh: cannot write the answer: No space left on device\n"
    assert done.returncode == 1


@pytest.mark.parametrize("words", [("-c", "show farm"), ("-E", "-c", "show farm")])
def test_no_standard_output_is_no_way_into_a_daemon(served: Served, words: tuple[str, ...]) -> None:
    """The first socket would have its number, and the daemon would read the answer."""
    places = ["--vty_socket", str(served.directory), "--config_dir", str(served.directory)]
    line = [sys.executable, "-c", PROGRAM, *places, "-H", "/dev/null", *words]
    done = subprocess.run(
        ["sh", "-c", '"$@" >&-', "sh", *line], cwd=ROOT, stderr=subprocess.PIPE, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_no_standard_files_at_all(served: Served) -> None:
    places = ["--vty_socket", str(served.directory), "--config_dir", str(served.directory)]
    line = [sys.executable, "-c", PROGRAM, *places, "-H", "/dev/null"]
    done = subprocess.run(["sh", "-c", '"$@" <&- >&- 2>&-', "sh", *line], cwd=ROOT)
    assert done.returncode == 0


def test_nuls_in_lines(served: Served, tmp_path: Path) -> None:
    """They would end the line for a daemon, and each answer would be taken for another's."""
    file = tmp_path / "lines"
    file.write_bytes(b"barn 1\n light\0no light\n")
    places = ["--vty_socket", str(served.directory), "--config_dir", str(served.directory)]
    line = [sys.executable, "-c", PROGRAM, *places, "-H", "/dev/null"]
    loaded = subprocess.run([*line, "-f", file], cwd=ROOT, capture_output=True, text=True)
    assert (loaded.returncode, loaded.stdout, loaded.stderr) == (0, "", "")
    typed = subprocess.run(line, cwd=ROOT, capture_output=True, input=b"echo\0 one\0\necho two\n")
    assert typed.stdout.count(b"\0") == 0
    assert typed.stderr == b""
