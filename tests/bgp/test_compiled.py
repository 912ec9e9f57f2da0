"""Compiled twins do what the pure functions do, errors too; they are built where they can be."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from struct import pack

import pytest
from hypothesis import given
from hypothesis import strategies as st

import bgp.rib.adjout
import bgp.rib.encoding
import bgp.rib.loops
import bgp.show.build.trees
import bgp.show.lines  # noqa: F401
from bgp.compiled import SPEED, TWINS, _is_stale
from bgp.wire import nlri
from bgp.wire.errors import Malformed

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "bgp/_speed").iterdir())

built = pytest.mark.skipif(SPEED is None, reason="nothing compiled is in use")


def twins(name: str) -> tuple[Callable[..., object], Callable[..., object]]:
    """The pure and the compiled function."""
    assert SPEED is not None
    return TWINS[name], getattr(SPEED, name)


def outcome(function: Callable[..., object], *arguments: object) -> object:
    try:
        return function(*arguments)
    except Malformed as error:
        return error.code, error.subcode, error.data, error.reaction, str(error)


def assert_alike(name: str, *arguments: object) -> None:
    pure, compiled = twins(name)
    assert outcome(compiled, *arguments) == outcome(pure, *arguments)


def test_the_library_is_built_from_its_sources_where_a_compiler_is() -> None:
    if os.environ.get("PYVTYSH_PURE") == "1" or shutil.which("gcc") is None:
        pytest.skip("switched off, or no compiler")
    assert SPEED is not None, "bgp._speed was not built: make check builds it"
    library = Path(str(SPEED.__file__)).stat().st_mtime
    stale = [path.name for path in SOURCES if path.stat().st_mtime > library]
    assert not stale, f"bgp._speed is older than {stale}: make check builds it"


def test_an_environment_variable_keeps_to_the_pure_functions() -> None:
    script = "import sys, bgp.wire.nlri as n; print('bgp._speed' in sys.modules, n._decode_v4)"
    environment = {**os.environ, "PYVTYSH_PURE": "1"}
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=ROOT)
    assert done.stdout.startswith("False <function _decode_v4 at"), done.stderr


@built
def test_the_pure_functions_pass_the_same_tests() -> None:
    """All that runs here runs on the twins; attributes and messages once more without them."""
    files = ("attrs", "alike_attrs", "encoding", "wire_update")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    command += [f"tests/bgp/test_{name}.py" for name in files]
    environment = {**os.environ, "PYVTYSH_PURE": "1"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=ROOT)
    assert done.returncode == 0, done.stdout


@built
def test_every_twin_is_known_to_both_sides() -> None:
    assert SPEED is not None
    functions = {name for name in vars(SPEED) if callable(getattr(SPEED, name)) and name[0] != "_"}
    assert functions == set(TWINS)
    assert SPEED.twins == TWINS


def prefixes(most: int) -> st.SearchStrategy[bytes]:
    """Prefixes with host bits set here and there, now and then too long or cut short."""
    one = st.integers(0, most + 1).flatmap(
        lambda bits: st.binary(min_size=(bits + 7) // 8, max_size=(bits + 7) // 8).map(
            lambda rest: bytes([bits]) + rest
        )
    )
    whole = st.lists(one, max_size=8).map(b"".join)
    return st.one_of(whole, st.builds(lambda data, cut: data[:cut], whole, st.integers(0, 40)))


@built
@given(st.one_of(prefixes(32), st.binary(max_size=40)))
def test_ipv4_prefixes(data: bytes) -> None:
    assert_alike("decode_v4", data)


@built
@given(st.one_of(prefixes(128), st.binary(max_size=60)))
def test_ipv6_prefixes(data: bytes) -> None:
    assert_alike("decode_v6", data)


@built
def test_prefixes_may_stand_in_any_buffer() -> None:
    data = bytes([24, 10, 9, 8, 0])
    for view in (bytearray(data), memoryview(data)):
        assert nlri.decode_prefixes(view, 1) == nlri.decode_prefixes(data, 1)


TEXTS = st.text("ab, {}", max_size=30)
ROWS = st.dictionaries(
    st.tuples(st.integers(0, 2**32 - 1), st.integers(0, 32)).map(
        lambda each: each[0] << 6 | each[1]
    ),
    st.integers(0, 3),
    max_size=20,
).map(lambda found: dict(sorted(found.items())))


@built
@given(ROWS, st.lists(st.tuples(TEXTS, TEXTS), min_size=4, max_size=4), st.integers(0, 48), TEXTS)
def test_lines_of_tables(
    rows: dict[int, int], known: list[tuple[str, str]], width: int, gap: str
) -> None:
    """Around each prefix stand the texts of its entry."""
    around = dict(enumerate(known))
    assert_alike("table_lines", list(rows), list(rows.values()), around, width, gap)


@built
@given(ROWS, st.lists(st.lists(st.tuples(TEXTS, TEXTS), max_size=3), min_size=4, max_size=4))
def test_members_of_tables(rows: dict[int, int], known: list[list[tuple[str, str]]]) -> None:
    """Those of each path of a prefix."""
    paths = {number: tuple(each) for number, each in enumerate(known)}
    versions = {key: entry << 40 for key, entry in rows.items() if entry}
    assert_alike("table_members", list(rows), list(rows.values()), paths, versions)


@built
@pytest.mark.parametrize("name", ["table_lines", "table_members"])
def test_tables_of_what_is_unusual(name: str) -> None:
    """Texts beyond ASCII, wider columns, other sequences, and entries that nobody knows."""
    rest: tuple[object, ...] = (3, "é") if name == "table_lines" else ({},)
    odd = ("é", "x") if name == "table_lines" else (("é", "x"),)
    plain = ("*> ", "x") if name == "table_lines" else (("a", "x"),)
    pure, compiled = twins(name)
    for known in ({0: odd}, {0: plain}):
        assert_alike(name, [640, 704], [0, 0], known, *rest)
        assert_alike(name, [640], (0,), known, *rest)
    if name == "table_lines":
        assert_alike(name, [640], [0], {0: plain}, 60, "")
    for function in (pure, compiled):
        with pytest.raises(KeyError):
            function([640], [1], {0: plain}, *rest)


@built
@given(st.lists(st.integers(0, 2**32 - 1), max_size=255))
def test_texts_of_as_paths(asns: list[int]) -> None:
    data = pack(f"!BB{len(asns)}I", 2, len(asns), *asns)
    assert_alike("sequence_text", data)
    assert_alike("sequence_text", data + b"\0")


@st.composite
def streams(draw: st.DrawFn) -> bytes:
    """UPDATEs, and what ends a run of them: other messages, bad headers, a message cut short."""
    marker = b"\xff" * 16
    parts = []
    for kind in draw(st.lists(st.sampled_from([2, 2, 2, 2, 4, 9]), max_size=5)):
        body = draw(st.binary(min_size=4, max_size=30))
        size = 19 + len(body) + draw(st.sampled_from([0, 0, 0, 0, 1, -20]))
        head = draw(st.sampled_from([marker, marker, marker, bytes(16)]))
        parts.append(head + size.to_bytes(2, "big") + bytes([kind]) + body)
    stream = b"".join(parts)
    return stream[: draw(st.integers(0, len(stream)))] if draw(st.booleans()) else stream


@built
@given(streams(), st.integers(19, 60))
def test_updates_in_a_stream(data: bytes, most: int) -> None:
    assert_alike("cut_updates", data, most)


def test_a_library_older_than_its_sources_is_known(tmp_path: Path) -> None:
    library, source = tmp_path / "_speed.so", tmp_path / "table.c"
    library.touch()
    source.touch()
    built = library.stat().st_mtime
    assert not _is_stale(str(library), str(tmp_path))
    os.utime(source, (built, built + 3600))
    assert _is_stale(str(library), str(tmp_path))
    assert not _is_stale(str(library), str(tmp_path / "not installed"))
