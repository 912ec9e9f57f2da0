"""`-m`: files with `exit` lines where a node is left, as FRR 8.4.4 writes them."""

from pathlib import Path

from pyvtysh.listed import AMBIGUOUS, CONFIG, INCOMPLETE, UNKNOWN, Taken, Walk
from pyvtysh.marking import mark, mark_file


def marked(text: str) -> tuple[str, str, int]:
    """What is written and what is said of a file of this text, and the status."""
    said: list[str] = []
    wrote: list[str] = []
    status = mark(text.splitlines(keepends=True), wrote.append, said.append)
    return "".join(wrote), "".join(said), status


def test_blocks_are_closed(tmp_path: Path) -> None:
    path = tmp_path / "lines.conf"
    path.write_text(
        "router bgp 1\n address-family ipv4 unicast\n  network 10.0.0.0/8\n\n! note\n"
        "router ospf\nend\n router-id 10.0.0.1\nhostname x\n"
    )
    wrote: list[str] = []
    assert mark_file(str(path), wrote.append, wrote.append) == 0
    assert "".join(wrote) == (
        "router bgp 1\r\n address-family ipv4 unicast\r\n  network 10.0.0.0/8\r\n\r\n! note\r\n"
        "exit\r\nexit\r\nrouter ospf\r\n router-id 10.0.0.1\r\n"
        "exit\r\nhostname x\r\n\r\nend\r\n"
    )


def test_the_first_bad_line_ends_it() -> None:
    assert marked("router bgp 1\n foo\n no bgp router-id\n") == (
        "router bgp 1\n",
        "line 2: % Unknown command:  foo\n\n",
        2,
    )
    assert marked("router\n")[1:] == ("line 1: % Command incomplete: router\n\n", 4)
    assert marked("no ip ro\n")[1:] == ("line 1: % Ambiguous command: no ip ro\n\n", 3)


def test_a_vrf_that_is_closed_is_followed_by_an_end() -> None:
    assert marked("vrf red\n ip route 10.0.0.0/8 blackhole\nexit-vrf\n")[0] == (
        "vrf red\n ip route 10.0.0.0/8 blackhole\nexit-vrf\nend\n\nend\n"
    )


def test_leaving_the_shell_ends_it_without_a_word() -> None:
    assert marked("exit\nexit\nfoo\n") == ("exit\nexit\n", "", 0)


def test_a_missing_file() -> None:
    said: list[str] = []
    assert mark_file("/none/x", said.append, said.append) == 11
    assert said == ["% Can't open config file /none/x due to 'No such file or directory'.\n"]


def test_lines_are_looked_for_from_the_node_upwards() -> None:
    walk = Walk(CONFIG)
    for line, node in (
        ("router isis x", 50),
        ("interface eth0", 17),
        ("ip ospf cost 5", 17),
        ("isis metric 5", 17),
        ("key chain k", 13),
        ("key 1", 14),
        ("segment-routing", 67),
        ("traffic-eng", 68),
    ):
        found = walk.find(line.split())
        assert isinstance(found, Taken), line
        assert walk.follow(found)
        assert walk.node == node
    assert walk.find(["policy"]) == INCOMPLETE
    assert walk.find(["do", "show", "version"]) == UNKNOWN
    assert walk.find(["show", "version"]) == UNKNOWN
    assert Walk(59).find(["match", "i", "address", "x"]) == AMBIGUOUS
    assert Walk(25).doubt(["ip", "prefix-list", "x"]) == INCOMPLETE
