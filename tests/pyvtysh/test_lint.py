"""`vtysh --lint` and `pyvtysh check`: what is found, where, and what any bytes give."""

import io
import json
import random
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pyvtysh import cli
from pyvtysh.lint import command
from pyvtysh.lint.command import CLEAN, FOUND, UNREADABLE, check_bytes, main
from pyvtysh.lint.report import FileReport, as_json, as_text
from pyvtysh.lint.rules import RULES

BIN = Path(sys.executable).parent
ROOT = Path(__file__).parents[2]
CONFIGS = sorted(
    path
    for folder in ("tests/conformance/topologies", "tests/golden", "tests/interop", "examples")
    for path in (ROOT / folder).rglob("*.conf")
)
LINES = sorted({line for path in CONFIGS for line in path.read_text().splitlines()})
PEER = "router bgp 65001\n neighbor 192.0.2.1 remote-as 65001\n"
NAMES = {rule.name for rule in RULES}


def found(text: str, *, mode: int = 0o640) -> list[tuple[str, int, int]]:
    """Rule, line and column of each finding."""
    report = check_bytes("frr.conf", text.encode(), mode)
    return [(each.rule.name, each.line, each.column) for each in report.findings]


def messages(text: str) -> list[str]:
    return [each.message for each in check_bytes("frr.conf", text.encode()).findings]


def hints(text: str) -> list[str | None]:
    return [each.hint for each in check_bytes("frr.conf", text.encode()).findings]


def check_report(report: FileReport, data: bytes) -> None:
    """What holds for a report on any bytes."""
    lines = data.count(b"\n") + 1
    for each in report.findings:
        assert each.rule.name in NAMES
        assert 1 <= each.line <= lines
        assert each.column >= 1
        assert "Internal error" not in each.message
    text = as_text([report])
    assert text.count("\n") == len(report.findings)
    assert text.isprintable() or all(c == "\n" or c.isprintable() for c in text)
    assert len(json.loads(as_json([report]))["files"][0]["findings"]) == len(report.findings)


SLOW = settings(deadline=None, max_examples=15, suppress_health_check=list(HealthCheck))


@SLOW
@given(st.binary(max_size=400))
def test_any_bytes_give_a_report(data: bytes) -> None:
    check_report(check_bytes("x", data, 0o644), data)


@SLOW
@given(st.lists(st.sampled_from(LINES), max_size=60), st.randoms(use_true_random=False))
def test_any_mixture_of_real_lines_gives_a_report(lines: list[str], dice: random.Random) -> None:
    data = "\n".join(broken(line, dice) for line in lines).encode()
    check_report(check_bytes("x", data, 0o644), data)


def broken(line: str, dice: random.Random) -> str:
    """The line, or one like it: negated, with a word less, twice, cut or mistyped."""
    words = line.split()
    if not words or dice.random() < 0.5:
        return line
    place = dice.randrange(len(words))
    match dice.randrange(5):
        case 0:
            words.insert(0, "no")
        case 1:
            del words[place]
        case 2:
            words.insert(place, words[place])
        case 3:
            words[place] = words[place][: dice.randrange(len(words[place]) + 1)]
        case 4:
            words[place] += dice.choice(["x", "\x00", "é", "9", "\t"])
    return " ".join(words)


def test_files_of_routers_that_run_have_no_errors() -> None:
    """What the routers of topologies take, of which a third will do, is no error here."""
    paths = sorted((ROOT / "tests/conformance/topologies").glob("*/router.conf"))
    assert len(paths) > 40
    for path in paths[::3]:
        report = command.check_file(str(path))
        errors = {each.rule.name for each in report.findings if each.rule.severity.value == "error"}
        assert errors <= {"undefined-list"}, path


def test_lines_of_other_daemons_are_checked_by_frrs_lists() -> None:
    text = "interface eth0\n ip ospf cost 10\n!\nrouter ospf\n network 10.0.0.0/8 area 0\n"
    assert found(text) == []
    assert found(text + " netwrk 10.0.0.0/8 area 0\n") == [("unknown-line", 6, 2)]


def test_a_block_that_is_refused_is_told_once() -> None:
    text = "router bgp 65001\nexit\nrouter bgp 65002\n timers bgp 1 2\n"
    assert found(text) == [("refused-line", 3, 1)]


def test_what_is_taken_back_does_not_count() -> None:
    bgp = PEER
    assert (
        found(f"{bgp} neighbor 192.0.2.1 route-map X in\n no neighbor 192.0.2.1 route-map X in\n")
        == []
    )
    assert found(f"{bgp} no neighbor 192.0.2.1\n") == []
    assert found("route-map X permit 10\nexit\nno route-map X\n") == []


def test_commands_of_the_shell_are_no_lines_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "written"
    assert found(f"do show version\nlog file {path}\nwrite memory\n") == [
        ("unknown-line", 1, 1),
        ("unknown-line", 3, 1),
    ]
    assert not path.exists()


REFERENCES = """ip protocol bgp route-map ABSENT
ip nht bgp route-map ABSENT
ip import-table 5 route-map ABSENT
line vty
 access-class ABSENT
exit
route-map HERE permit 10
 call ABSENT
 match ip address ABSENT
 match ip address prefix-list ABSENT
 match ipv6 address prefix-list ABSENT
 match as-path ABSENT
 match community ABSENT
 match large-community ABSENT
 match extcommunity ABSENT
 set comm-list ABSENT delete
exit
router bgp 65001
 neighbor 2001:DB8::1 remote-as 65001
 address-family ipv6 unicast
  neighbor 2001:db8::1 activate
  neighbor 2001:db8::1 route-map ABSENT in
  neighbor 2001:db8::1 route-map HERE out
  neighbor 2001:db8::1 prefix-list ABSENT in
  neighbor 2001:db8::1 filter-list ABSENT in
  neighbor 2001:db8::1 unsuppress-map ABSENT
  neighbor 2001:db8::1 default-originate route-map ABSENT
  neighbor 2001:db8::1 advertise-map ABSENT exist-map HERE
  network 2001:db8:1::/48 route-map ABSENT
  aggregate-address 2001:db8:2::/48 suppress-map ABSENT
  redistribute static route-map ABSENT
  table-map ABSENT
 exit-address-family
 address-family l2vpn evpn
  neighbor 2001:db8::1 activate
  advertise ipv4 unicast route-map ABSENT
 exit-address-family
"""


def test_every_line_that_names_something_is_followed() -> None:
    lines = [
        f"{line} ".replace("ABSENT ", f"ABSENT{n} ")
        for n, line in enumerate(REFERENCES.splitlines())
    ]
    for name, number, column in (places := found("\n".join(lines))):
        assert name in ("undefined-route-map", "undefined-list")
        assert lines[number - 1][column - 1 :].startswith("ABSENT")
    wanted = {number for number, line in enumerate(lines, 1) if "ABSENT" in line}
    assert {number for _, number, _ in places} == wanted


def test_a_group_gives_its_members_policy_and_family() -> None:
    text = """router bgp 65001
 neighbor G peer-group
 neighbor G remote-as external
 neighbor 192.0.2.1 peer-group G
 address-family ipv4 unicast
  neighbor G prefix-list P in
  neighbor G prefix-list P out
!
ip prefix-list P permit any
"""
    assert found(text) == []
    assert found(text.replace("  neighbor G prefix-list P in\n", "")) == [
        ("ebgp-without-policy", 4, 11)
    ]
    assert found(text.replace("prefix-list P in", "route-map R in")) == [
        ("undefined-route-map", 6, 24)
    ]


@pytest.mark.parametrize(
    "line", [" no bgp ebgp-requires-policy\n", " neighbor 192.0.2.1 remote-as internal\n"]
)
def test_policy_is_wanted_only_where_frr_wants_it(line: str) -> None:
    text = f"router bgp 65001\n neighbor 192.0.2.1 remote-as 65002\n{line}"
    assert found(text) == []
    assert found(f"frr defaults datacenter\n{text}") == []


def test_shadows_follow_the_walk_through_a_route_map() -> None:
    uses = f"{PEER} neighbor 192.0.2.1 route-map M in\nexit\n"
    first = "route-map M permit 10\n match tag 1\n on-match goto 30\nroute-map M permit 20\n"
    assert found(f"{uses}{first}route-map M permit 30\n") == []
    assert found(f"{uses}{first}route-map M permit 25\nroute-map M permit 30\n") == [
        ("shadowed-route-map-entry", 9, 1)
    ]
    tag = (
        "route-map M deny 10\n match tag 1\nroute-map M permit 20\n match tag 1\n match metric 5\n"
    )
    assert found(f"{uses}{tag}") == [("shadowed-route-map-entry", 7, 1)]
    assert found(uses + tag.replace("match tag 1", "match probability 5")) == []


def test_shadows_in_prefix_lists_follow_lengths() -> None:
    uses = f"{PEER} neighbor 192.0.2.1 prefix-list P in\nexit\n"
    rules = "ip prefix-list P permit 10.0.0.0/8 le 16\nip prefix-list P deny 10.1.0.0/16 le 24\n"
    assert found(uses + rules) == []
    assert found(f"{uses}{rules}ip prefix-list P permit 10.1.128.0/20 le 22\n") == [
        ("shadowed-prefix-list-entry", 7, 1)
    ]
    assert found(
        f"{uses}ip prefix-list P seq 9 permit 10.0.0.0/8\nip prefix-list P seq 3 deny any\n"
    ) == [("shadowed-prefix-list-entry", 5, 1)]


def test_own_addresses() -> None:
    bgp = PEER
    assert found(f"{bgp} bgp router-id 192.0.2.1\n") == [("own-address", 2, 11)]
    assert found(f"{bgp} neighbor 192.0.2.1 update-source 192.0.2.1\n") == [("own-address", 2, 11)]
    assert found(f"interface e0\n ip address 192.0.2.2/24\nexit\n{bgp}") == []


def test_a_password_is_told_of_and_not_told() -> None:
    text = f"{PEER} neighbor 192.0.2.1 password s3cret\n"
    assert found(text) == []
    assert found(text, mode=0o644) == [("readable-password", 3, 2)]
    assert "s3cret" not in "".join(messages(text))
    assert found("key chain K\n key 1\n  key-string s3cret\n", mode=0o644) == [
        ("readable-password", 3, 3)
    ]
    assert (
        found(text.replace(" neighbor 192.0.2.1 pass", " no neighbor 192.0.2.1 pass"), mode=0o644)
        == []
    )


def test_hints() -> None:
    assert hints("hostnme r1\n") == ["did you mean `hostname`?"]
    assert hints("router bgp 1\n address-family ipv4\n  maximum-paths 0\n") == [
        "here may stand (1-256), ibgp"
    ]
    assert hints(f"{PEER} neighbor 192.0.2.1 rout-map X in\n") == ["did you mean `route-map`?"]
    assert hints("show version\n") == ["it is no line of a configuration"]
    assert hints("match tag 1\n") == ["it is a line of `route-map`"]


def test_numbers_of_lines_and_columns() -> None:
    assert found("!\n\n\t hostnme r1\r\n") == [("unknown-line", 3, 3)]
    assert found("hostname r1\0hostnme\n") == [("not-text", 1, 12)]
    assert found("é r1\n")[0] == ("unknown-line", 1, 1)


def test_a_network_needs_a_route_where_the_file_has_routes() -> None:
    bgp = "router bgp 65001\n network 10.1.0.0/16\n"
    interface = "interface e0\n ip address 10.0.0.1/24\nexit\n"
    assert found(bgp) == []
    assert found(interface + bgp) == [("network-without-route", 5, 10)]
    assert found(interface + bgp + " no bgp network import-check\n") == []
    assert found(interface + bgp.replace("10.1.0.0/16", "10.0.0.0/24")) == []
    assert found(f"vrf red\n ip route 10.1.0.0/16 Null0\nexit-vrf\n{bgp}") == [
        ("network-without-route", 5, 10)
    ]


def test_exit_statuses(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, bad = tmp_path / "good.conf", tmp_path / "bad.conf"
    good.write_text("hostname r1\n")
    bad.write_text("hostnme r1\n")
    assert main([str(good)]) == CLEAN
    assert capsys.readouterr() == ("", "")
    assert main([str(good), str(bad)]) == FOUND
    assert main(["--ignore", "unknown-line", str(bad)]) == CLEAN
    capsys.readouterr()
    absent = tmp_path / "absent\n.conf"
    assert main(["--json", str(bad), str(absent), str(tmp_path)]) == UNREADABLE
    out, err = capsys.readouterr()
    files = json.loads(out)["files"]
    assert [len(file["findings"]) for file in files] == [1, 0, 0]
    assert files[1]["unreadable"] == "No such file or directory"
    assert err.splitlines()[0].endswith("absent\\n.conf: cannot be read: No such file or directory")
    assert main(["--rules"]) == CLEAN
    assert len(capsys.readouterr().out.splitlines()) == len(RULES)
    for wrong in ([], ["--wrong", str(good)], ["--ignore", "nothing", str(good)]):
        with pytest.raises(SystemExit) as end:
            main(wrong)
        assert end.value.code == UNREADABLE


def test_a_file_that_is_too_large(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"!" * 11)
    monkeypatch.setattr(command, "MOST_BYTES", 10)
    assert command.check_file(str(path)).unreadable == "more than 0 MiB"
    assert command.check_file("\0").unreadable is not None


def test_both_programs_check(tmp_path: Path) -> None:
    path = tmp_path / "frr.conf"
    path.write_bytes(b"hostnme \xff\n")
    says = (
        f"{path}:1:1: error: `hostnme` is not known here; did you mean `hostname`? [unknown-line]\n"
    )
    for program in (["vtysh", "--lint"], ["pyvtysh", "check"]):
        done = subprocess.run(
            [BIN / program[0], program[1], path], capture_output=True, text=True, timeout=30
        )
        text = done.stdout.replace(f"{path}:1:9: warning: no text: \\udcff [not-text]\n", "")
        assert (text, done.returncode) == (says, FOUND)
        assert done.stdout != text


def test_lint_is_an_option_only_ahead_of_all_others(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    assert cli.main(["-C", "--lint"]) == 1
    assert "unrecognized option '--lint'" in capsys.readouterr().err


def test_a_line_of_a_shell_imports_nothing_of_it() -> None:
    code = (
        "import sys; sys.argv = ['vtysh', '-C', '-c', 'show version']\n"
        "from pyvtysh.oneshot import main; main()\n"
        "assert not [name for name in sys.modules if name.startswith('pyvtysh.lint')]"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, timeout=30)


def test_a_long_file_takes_time_that_grows_with_it() -> None:
    """Many lists that nobody uses, and as many neighbors with a map that is not there."""
    lines = [f"ip prefix-list L{n} permit 10.0.0.0/8" for n in range(1000)]
    lines.append("router bgp 65001")
    for n in range(1000):
        address = f"10.1.{n // 250}.{n % 250 + 1}"
        lines += [f" neighbor {address} remote-as 65001", f" neighbor {address} route-map X in"]
    assert len(found("\n".join(lines))) == 2000
    garbage = hints("\n".join(f"neighbr {n}" for n in range(1000)))
    assert len(garbage) == 1000
    assert sum(hint is not None for hint in garbage) <= 200
