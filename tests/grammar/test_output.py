"""Layouts of JSON, ages and memory figures against what FRR 8.4.4 printed."""

import json
import os
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grammar.output.jsonc import number, plain, pretty, quote, spaced
from grammar.output.table import memory_text
from grammar.output.time import ctime, peer_uptime, route_uptime

GOLDEN = Path(__file__).parent.parent / "golden" / "jsonc" / "frr-8.4.4"

LAYOUTS: dict[str, Callable[[object], str]] = {
    "pretty": pretty,  # type: ignore[dict-item]
    "slashes": lambda value: pretty(value, slashes=True),  # type: ignore[arg-type]
    "spaced": spaced,  # type: ignore[dict-item]
    "plain": plain,  # type: ignore[dict-item]
}


def captured() -> Iterator[tuple[str, Path]]:
    for layout in LAYOUTS:
        yield from ((layout, path) for path in sorted((GOLDEN / layout).iterdir()))


@pytest.mark.parametrize(
    ("layout", "path"), list(captured()), ids=lambda part: getattr(part, "name", part)
)
def test_captured_documents(layout: str, path: Path) -> None:
    text = path.read_text().rstrip("\n")
    assert LAYOUTS[layout](json.loads(text)) == text


def test_captured_rows() -> None:
    text = (GOLDEN / "rows" / "show-ip-bgp-json.json").read_text()
    rows = re.findall(r'^[^\n]*?"[0-9./]+": (\[.*\])$', text, re.M)
    assert len(rows) > 10
    for row in rows:
        assert plain(json.loads(row)) == row


def test_captured_family() -> None:
    text = (GOLDEN / "family" / "show-ip-bgp-summary-json.json").read_text()
    inner = json.loads(text)["ipv4Unicast"]
    assert text == '{\n"ipv4Unicast":' + pretty(inner) + "\n}\n"


def test_empty_containers() -> None:
    assert pretty({}) == "{\n}"
    assert pretty([]) == "[\n]"
    assert pretty({"a": {}, "b": []}) == '{\n  "a":{\n  },\n  "b":[\n  ]\n}'
    assert spaced({"a": {}, "b": [1, "x/y"]}) == '{ "a": { }, "b": [ 1, "x\\/y" ] }'
    assert plain({"a": {}, "b": []}) == '{"a":{},"b":[]}'


def test_scalars() -> None:
    assert plain([True, False, None, -1, 1.5, 0.0, "x"]) == '[true,false,null,-1,1.5,0.0,"x"]'
    assert number(0.0046789878979325294) == "0.0046789878979325294"
    assert number(1e30) == "1e+30"
    assert quote('a"\\\n\t\x01é/') == '"a\\"\\\\\\n\\t\\u0001é/"'
    assert quote("1/2", slashes=True) == '"1\\/2"'
    with pytest.raises(TypeError):
        plain({1, 2})  # type: ignore[arg-type]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(JSON, st.sampled_from(sorted(LAYOUTS)))
def test_every_layout_is_json(value: object, layout: str) -> None:
    assert json.loads(LAYOUTS[layout](value)) == value


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (576, "576 bytes"),
        (9984, "9984 bytes"),
        (11263, "11263 bytes"),
        (11264, "11 KiB"),
        (15168, "15 KiB"),
        (2 * 741464, "1448 KiB"),
        (15 * 741464, "10861 KiB"),
        (16 * 741464, "11 MiB"),
        ((1 << 31) - 1, "2048 MiB"),
        (1 << 31, "> 2GB"),
    ],
)
def test_memory(size: int, text: str) -> None:
    assert memory_text(size) == text


@pytest.mark.parametrize(
    ("seconds", "peer", "route"),
    [
        (5, "00:00:05", "00:00:05"),
        (86399.9, "23:59:59", "23:59:59"),
        (86400 + 2 * 3600 + 180, "1d02h03m", "1d02h03m"),
        (9 * 86400 + 3 * 3600, "01w2d03h", "01w2d03h"),
        (421 * 86400 + 2 * 3600, "01y08w0d", "60w1d02h"),
        (365 * 86400, "01y00w0d", "52w1d00h"),
    ],
)
def test_ages(seconds: float, peer: str, route: str) -> None:
    assert peer_uptime(seconds) == peer
    assert route_uptime(seconds) == route


def test_no_age() -> None:
    assert peer_uptime(None) == "never"


def test_dates_are_local(monkeypatch: pytest.MonkeyPatch) -> None:
    before = os.environ.get("TZ")
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    try:
        assert ctime(1795385918.7) == "Sun Nov 22 22:18:38 2026"
        assert ctime(1793000000) == "Mon Oct 26 07:33:20 2026"
    finally:
        monkeypatch.undo()
        assert os.environ.get("TZ") == before
        time.tzset()
