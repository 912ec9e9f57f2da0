"""Filters behind a command, on routers in memory; FRR's `include` stays what it is."""

import json
import os
import re
import tracemalloc
from collections.abc import Iterator
from operator import lt
from pathlib import Path

import pytest

from grammar.filtering import FilterError
from pyvtysh.pipes.earlier import Earlier, differences
from pyvtysh.pipes.flow import FilterFaultError, Json, Lines, Rows
from pyvtysh.pipes.rows import aligned, sort_key
from pyvtysh.pipes.stages import lines_from, rows_from, step
from pyvtysh.pipes.tables import rows_of_text
from pyvtysh.pipes.text import lines_of
from pyvtysh.pipes.words import Stage, read_filters
from pyvtysh.testing.router import VirtualRouter
from tests.pyvtysh.piped import router, says

__all__ = ["router"]


@pytest.mark.parametrize(
    ("filters", "answer"),
    [
        ("include ^\\*> | count", "3\n"),
        ("begin Network | first 2 | last 1 | columns x", None),
        ("exclude [^ ]", "\n\n"),
        ("until vrf", "BGP table version is 3, local router ID is 10.255.0.1, vrf id 0\n"),
        ("last 1", "Displayed  3 routes and 3 total paths\n"),
        ("table | count", "3\n"),
        ("sort Network reverse | columns network path | csv", "Network,Path\n10.255.0.1/32,i\n"
         "10.99.0.0/16,65002 i\n10.9.0.0/16,65002 i\n"),
        ("include zzz | count", "0\n"),
        ("columns network,weight | include 10.99 | table", "Network       Weight\n"
         "10.99.0.0/16       0\n"),
        ("json length(routes)", "3\n"),
        ("json routes | count", "3\n"),
        ("json routes | keys(@) | first 1", '[\n  "10.9.0.0/16"\n]\n'),
        ("json routes.*[].bestpath | [0]", "true\n"),
        ("json routes.* | [] | columns network bestpath | last 1 | csv",
         "network,bestpath\n10.255.0.1/32,true\n"),
        ("no-more | columns \"Next Hop\" | first 1 | json", '[\n  {\n    "Next Hop": "10.0.12.2"\n'
         "  }\n]\n"),
    ],
)  # fmt: skip
def test_filters(router: VirtualRouter, filters: str, answer: str | None) -> None:
    found = router.run(f"show ip bgp | {filters}")
    if answer is None:
        assert (found.text, found.status) == ("% columns: the answer has no table\n", 13)
    else:
        assert (found.text, found.status) == (answer, 0)


def test_tables_of_other_commands(router: VirtualRouter) -> None:
    summary = "show ip bgp summary | sort neighbor | columns neigh as state desc | csv"
    assert says(router, summary) == (
        "Neighbor,AS,State/PfxRcd,Desc\n10.0.12.2,65002,2,to the other\n"
        "10.0.12.9,65009,Active,N/A\n"
    )
    assert says(router, "show ip bgp summary | sort State reverse | columns neighbor | csv") == (
        "Neighbor\n10.0.12.9\n10.0.12.2\n"
    )
    assert says(router, "show interface brief | columns int addr | csv") == (
        "Interface,Addresses\neth0,10.0.12.1/24\nlo,10.255.0.1/32\n"
    )
    assert says(router, "show ip bgp summary | json | columns name state | csv") == (
        "name,state\n10.0.12.2,Established\n10.0.12.9,Active\n"
    )
    # No table in the text: its JSON is asked for.
    assert says(router, "show ip route | sort distance | columns prefix distance | csv") == (
        "prefix,distance\n10.0.12.0/24,0\n10.255.0.1/32,0\n10.9.0.0/16,20\n10.99.0.0/16,20\n"
    )


def test_sections_can_be_loaded_again(router: VirtualRouter) -> None:
    text = says(router, "show running-config | section ^router bgp")
    assert text.splitlines()[0] == "router bgp 65001"
    assert text.splitlines()[-3:] == ["  network 10.255.0.1/32", " exit-address-family", "exit"]
    family = says(router, "show running-config | section address-family")
    assert family.splitlines() == [
        *(" address-family ipv4 unicast", "  network 10.255.0.1/32", " exit-address-family"),
    ]
    neighbor = says(router, "show ip bgp neighbors | section Message statistics")
    assert neighbor.splitlines()[0] == "  Message statistics:"
    assert neighbor.count("Keepalives:") == 2
    assert "Minimum time" not in neighbor


@pytest.mark.parametrize(
    ("line", "answer", "status"),
    [
        ("show ip bgp | include 10.99 | include zzz", "", 0),  # one expression, as FRR's
        ("show ip bgp | grep x", "% Unknown action 'grep'\n", 0),
        ("show ip bgp | include", "% Need a regexp to filter with\n", 0),
        ("show ip bgp | include [", "% Regex compilation error: Invalid regular expression\n"
         "% Bad regexp '['\n", 0),
        ("show ip bgp | count | grep x", "% Unknown action 'grep'\n", 0),
        ("show ip bgp | c", "% Ambiguous action 'c': columns, count, csv\n", 0),
        ("show ip bgp | exclude [", "% exclude: '[' is no regular expression\n", 13),
        ("show ip bgp | begin", "% begin: an expression is missing\n", 13),
        ("show ip bgp | first x", "% first: a number from 1 is expected, not 'x'\n", 13),
        ("show ip bgp | last 0", "% last: a number from 1 is expected, not '0'\n", 13),
        ("show ip bgp | count x", "% count: nothing may stand behind it, not 'x'\n", 13),
        ("show ip bgp | sort", "% sort: the name of a column is missing\n", 13),
        ("show ip bgp | sort 'x", "% sort: a quote is not closed in ''x'\n", 13),
        ("show ip bgp | columns n", "% column 'n' may be any of Network, Next Hop\n", 13),
        ("show ip bgp summary | sort foo | count", "% column 'foo' is not among Neighbor, V, AS,"
         " MsgRcvd, MsgSent, TblVer, InQ, OutQ, Up/Down, State/PfxRcd, PfxSnt, Desc\n", 13),
        ("show ip bgp | json routes[", "% json: 'routes[': Invalid jmespath expression:"
         " Incomplete expression\n", 13),
        ("show ip bgp | json abs(routes)", None, 13),
        ("show version | json", "% json: the answer has neither a JSON form nor a table\n", 13),
        ("show version | table", "% table: the answer has no table\n", 13),
        ("show foo | count", "% Unknown command: show foo\n", 2),
        ("show | first 1", "% Command incomplete: show\n", 4),
        ("show ip bgp 300.0.0.0 | json x", None, 2),
        ("show ip bgp | save", "% save: the name of a file is missing\n", 13),
        ("show ip bgp | save x | count", "% save: it must be the last filter\n", 13),
        ("show ip bgp | diff x", "% diff: nothing may stand behind it, not 'x'\n", 13),
        ("show ip bgp | save x y", "% save: behind the file only `overwrite` may stand,"
         " not 'y'\n", 13),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_one_line(
    router: VirtualRouter, line: str, answer: str | None, status: int
) -> None:
    found = router.run(line)
    assert found.status == status
    if answer is None:
        assert re.fullmatch(r"% .*\n", found.text)
    else:
        assert found.text == answer


def test_configuration_keeps_its_bars(router: VirtualRouter) -> None:
    router.run("configure terminal")
    try:
        assert router.run("hostname a | count").text == "% Unknown action 'count'\n"
        assert says(router, "do show ip bgp | table | count") == "3\n"
    finally:
        router.run("end")


def test_what_frr_takes_for_an_expression() -> None:
    assert read_filters("show x | include a | b | c") is None
    assert read_filters("show x | include a | include b") is None
    assert read_filters("show x") is None
    found = read_filters("show x | include a|b | foo | count")
    assert found is not None
    assert found.stages == (Stage("include", "a|b | foo"), Stage("count", ""))
    assert (found.command, found.before) == ("show x", "show x | include a|b | foo")
    quoted = read_filters("show x | json a[?b=='| count'] | sort x")
    assert quoted is not None
    assert quoted.stages == (Stage("json", "a[?b=='| count']"), Stage("sort", "x"))
    with pytest.raises(FilterError):
        read_filters("show x | count | include y | table | nothing")


def test_a_file_is_saved_whole_and_never_overwritten_unasked(
    router: VirtualRouter, tmp_path: Path
) -> None:
    path = tmp_path / "x y"
    assert says(router, f"show ip bgp | table | save '{path}'") == f"Saved 4 lines in {path}\n"
    assert path.read_text() == says(router, "show ip bgp | table")
    assert path.stat().st_mode & 0o777 == 0o600
    again = router.run(f"show ip bgp | save '{path}'")
    said = f"% save: {path} exists; `save FILE overwrite` replaces it\n"
    assert (again.text, again.status) == (said, 13)
    assert says(router, f"show ip bgp | count | save '{path}' overwrite").startswith("Saved 1")
    assert path.read_text() == "14\n"
    for where, why in (
        (tmp_path, "is no plain file"),
        ("/dev/null overwrite", "/dev/null is no plain file"),
        (tmp_path / "none" / "x", "No such file or directory"),
        (path / "x", "Not a directory"),
    ):
        quoted = where if isinstance(where, str) else f"'{where}'"
        failed = router.run(f"show ip bgp | save {quoted}")
        assert failed.status == 13
        assert why in failed.text
        assert failed.text.count("\n") == 1
    # A command or filter that fails leaves no file, and loses none.
    assert router.run(f"show foo | save {tmp_path}/new").text == "% Unknown command: show foo\n"
    assert router.run(f"show ip bgp | sort x | save '{path}' overwrite").status == 13
    assert os.listdir(tmp_path) == ["x y"]
    assert path.read_text() == "14\n"


def test_a_link_is_followed(router: VirtualRouter, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("file")
    (tmp_path / "file").write_text("")
    says(router, f"show ip bgp | count | save {tmp_path}/link overwrite")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "file").read_text() == "14\n"


def test_changes_since_the_last_run(router: VirtualRouter) -> None:
    line = "show running-config | section router"
    says(router, f"{line} | diff")
    assert re.fullmatch(r"No change since [\d:]{8}\.\n", says(router, f"{line} | diff"))
    with router.configure() as configure:
        configure("router bgp 65001", "bgp router-id 1.1.1.1")
    changed = says(router, f"{line} | diff").splitlines()
    with router.configure() as configure:
        configure("router bgp 65001", "no bgp router-id")
    assert changed[0].startswith("--- ")
    assert changed[1].startswith("+++ ")
    assert changed[2:] == [
        *("@@", " router bgp 65001", "+ bgp router-id 1.1.1.1"),
        *("  no bgp ebgp-requires-policy", "  neighbor 10.0.12.2 remote-as 65002"),
    ]
    # Commands that were run without it are known from its first use on.
    says(router, "show daemons")
    assert says(router, "show   daemons | diff").startswith("No change")


def test_differences_of_long_texts_take_no_long_time() -> None:
    old = [f"line {number}" for number in range(20_000)]
    assert list(differences(old, [*old[:7], "new", *old[7:]])) == [
        *("@@\n", " line 5\n", " line 6\n", "+new\n", " line 7\n", " line 8\n"),
    ]
    assert list(differences(old, old[::-1])) == []  # nothing came and nothing went
    assert len(list(differences(old, [f"x{line}" for line in old]))) == 40_000


def test_what_is_kept_for_comparing_is_bounded() -> None:
    earlier = Earlier()
    for number in range(100):
        earlier.put(f"show {number}", "x")
    assert earlier.text("show 99") == "x"
    assert earlier.text("show 1") == ""


def test_cells_are_compared_by_what_they_stand_for() -> None:
    def in_order(*cells: object) -> bool:
        return all(map(lt, map(sort_key, cells), map(sort_key, cells[1:])))

    assert in_order(2, "10", "11.5", "")
    assert in_order("00:00:09", "01:00:00", "1d02h", "02w1d00h", "1y", "never")
    assert in_order("9.0.0.0/8", "10.0.0.0/8", "10.0.0.0/16", "10.0.1.0/24", "2001:db8::/32")
    assert in_order(3, "abc", "Abd", None)


def test_rows_that_are_continued() -> None:
    text = """
    Network          Next Hop            Metric LocPrf Weight Path
 *> 2001:db8:1::/48  fe80::1                  0             0 65002 i
 *>                  ::                       5         32768 ?
 *> 2001:db8:1234:5678::/64
                     2001:db8:ffff:ffff::1
                                              7    100      0 65002 65003 i
"""
    rows = rows_of_text(line[1:] for line in text.splitlines())
    assert rows.columns[:3] == ["Status", "Network", "Next Hop"]
    assert list(rows.rows) == [
        ["*>", "2001:db8:1::/48", "fe80::1", "0", "", "0", "65002 i"],
        ["*>", "2001:db8:1::/48", "::", "5", "", "32768", "?"],
        [
            *("*>", "2001:db8:1234:5678::/64", "2001:db8:ffff:ffff::1"),
            *("7", "100", "0", "65002 65003 i"),
        ],
    ]


def test_json_of_every_shape_has_rows() -> None:
    def rows(value: object) -> list[list[object]]:
        found = rows_from(Json(value=value), "table")
        return [list(found.columns), *found.rows]

    assert rows([1, "a"]) == [["value"], [1], ["a"]]
    assert rows(None) == [["value"], [None]]
    assert rows({"a": 1, "b": [2]}) == [["name", "value"], ["a", 1], ["b", [2]]]
    assert rows([{"a": 1}, {"b": 2}]) == [["a", "b"], [1, None], [None, 2]]
    families = {"v4": {"as": 1, "peers": {"x": {"n": 1}}}, "v6": {"peers": {"y": {"n": 2}}}}
    assert rows(families) == [["in", "name", "n"], ["v4", "x", 1], ["v6", "y", 2]]
    text = "".join(aligned(Rows(["a", "b"], iter([["x", {"c": [1]}], ["yy"]]))))
    assert text == 'a   b\nx   {"c":[1]}\nyy\n'


def test_many_lines_in_flat_memory() -> None:
    def lines() -> Iterator[str]:
        header = "   Network          Next Hop            Metric LocPrf Weight Path\n"
        yield header
        for number in range(6_000):
            yield f"*> 10.{number >> 8}.{number & 255}.0/24 192.0.2.1  0     0 65002 i\n"

    tracemalloc.start()
    for filters in (["include x"], ["exclude x", "count"], ["columns Network", "csv", "last 1"]):
        flow: Lines | Rows | Json = Lines(lines_of(lines()), lambda: None)
        for each in filters:
            name, _, rest = each.partition(" ")
            flow = step(Stage(name, rest))(flow)
        assert sum(1 for _ in lines_from(flow)) < 2
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1_000_000


def test_the_command_is_not_read_further_than_needed(router: VirtualRouter) -> None:
    read: list[str] = []

    def lines() -> Iterator[str]:
        for number in range(1000):
            read.append(f"{number}\n")
            yield read[-1]

    flow = step(Stage("first", "3"))(Lines(lines(), lambda: None))
    assert list(lines_from(flow)) == ["0\n", "1\n", "2\n"]
    assert len(read) == 3


def test_faults_name_the_filter() -> None:
    with pytest.raises(FilterFaultError, match="json: the answer is no JSON"):
        list(lines_from(step(Stage("json", "x"))(Lines(iter(["{\n"]), lambda: None))))
    assert json.loads("".join(lines_from(Json(value={"a": "é"})))) == {"a": "é"}
