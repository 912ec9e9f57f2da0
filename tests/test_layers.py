"""The rules of the design that can be read from the source: layers, libraries, I/O, sizes."""

import ast
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SPEED = ROOT / "bgp/_speed"
PACKAGES = ("grammar", "zebra", "bgp", "pyvtysh")
MAX_FILE, MAX_FUNCTION = 400, 50

# What a package (the longest matching prefix counts) may import of ours, besides itself.
LAYERS: dict[str, tuple[str, ...]] = {
    "grammar": (),
    "zebra": ("grammar",),
    "zebra.zapi": ("grammar",),
    "bgp": ("grammar", "zebra.zapi"),
    "pyvtysh": ("grammar", "zebra", "bgp"),
}

# Libraries that cost 30-130 ms to import, and the only places that may pay for them.
LIBRARIES: dict[str, tuple[str, ...]] = {
    "prompt_toolkit": ("pyvtysh.shell",),
    "rich": ("pyvtysh.shell",),
    "jmespath": ("pyvtysh.pipes.values",),
    "pyroute2": ("zebra.kernel.netlink",),
    "pyparsing": ("grammar.language.notation",),
    "asyncio": (
        "bgp.door",
        "bgp.tasks",
        "bgp.tcp",
        *(f"zebra.zapi.{name}" for name in ("client", "server", "stream")),
        "zebra.kernel.netlink",
        "pyvtysh.api.aio",
        "pyvtysh.host",
        "pyvtysh.shell",
    ),
}

# Functions of bytes and time: whatever reads a socket or a clock stands outside.
SANS_IO = (
    *("grammar", "bgp.wire", "bgp.attrs", "bgp.fsm", "bgp.session", "bgp.rib", "bgp.policy"),
    *(f"zebra.zapi.{name}" for name in ("codec", "header", "link", "messages", "recognise")),
    *("zebra.rtadv.packet", "zebra.rtadv.advertiser"),
)
IO_MODULES = {"asyncio", "select", "selectors", "socket", "ssl", "subprocess", "threading", "time"}
IO_EXEMPT = {
    # Only conversions between forms: no socket is opened and no clock is read.
    "socket": {"AF_INET", "AF_INET6", "inet_ntop", "inet_pton", "inet_aton", "inet_ntoa"},
    "time": {"asctime", "ctime", "gmtime", "localtime", "strftime", "struct_time"},
}
CLOCKS = {"grammar.base.clock"}

# Files and functions that are one data table, which may be longer than code.
TABLES: set[str] = set()


@dataclass(frozen=True, slots=True)
class Import:
    """One imported module; `name` is what is taken from it, or "" for the module itself."""

    module: str
    name: str
    line: int

    @property
    def full(self) -> str:
        return f"{self.module}.{self.name}" if self.name else self.module


@dataclass(frozen=True, slots=True)
class Function:
    """One function: where it begins, and its lines."""

    name: str
    line: int
    lines: int


@dataclass(frozen=True, slots=True)
class Source:
    """A Python file of the repository."""

    path: str
    module: str
    lines: int
    imports: tuple[Import, ...]
    functions: tuple[Function, ...]


def imported(node: ast.Import | ast.ImportFrom, path: str, module: str) -> Iterator[Import]:
    """What a statement in a module imports, by absolute names."""
    if isinstance(node, ast.Import):
        for alias in node.names:
            yield Import(alias.name, "", node.lineno)
        return
    base = node.module or ""
    if node.level:
        parts = module.split(".")
        above = parts[: len(parts) - node.level + path.endswith("__init__.py")]
        base = ".".join([*above, *([node.module] if node.module else [])])
    for alias in node.names:
        yield Import(base, alias.name, node.lineno)


@cache
def source(path: Path) -> Source:
    """A file, of which no tree is kept: these are what takes memory, and time to collect."""
    return parsed(str(path.relative_to(ROOT)), path.read_text())


def parsed(path: str, text: str) -> Source:
    """A file of this text."""
    module = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    imports: list[Import] = []
    functions = []
    for node in ast.walk(ast.parse(text, path)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            imports += imported(node, path, module)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            size = (node.end_lineno or node.lineno) - node.lineno + 1
            functions.append(Function(node.name, node.lineno, size))
    return Source(path, module, len(text.splitlines()), tuple(imports), tuple(functions))


def sources(*folders: str) -> tuple[Source, ...]:
    """Every Python file below the folders."""
    return tuple(
        source(path) for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))
    )


def within(module: str, places: tuple[str, ...]) -> bool:
    """True if `module` is one of the places or lies below one."""
    return any(module == place or module.startswith(f"{place}.") for place in places)


def breaches_of_layers(source: Source) -> Iterator[str]:
    layer = max((name for name in LAYERS if within(source.module, (name,))), key=len)
    allowed = (layer, *LAYERS[layer])
    for item in source.imports:
        if within(item.module, (*PACKAGES, "tests", "examples")) and not (
            within(item.module, allowed) or within(item.full, allowed)
        ):
            yield f"{source.path}:{item.line}: {layer} may not import {item.full}"


def breaches_of_libraries(source: Source) -> Iterator[str]:
    for item in source.imports:
        library = item.module.partition(".")[0]
        if library in LIBRARIES and not within(source.module, LIBRARIES[library]):
            yield f"{source.path}:{item.line}: {library} is not for this module"


def breaches_of_sans_io(source: Source) -> Iterator[str]:
    if not within(source.module, SANS_IO) or source.module in CLOCKS:
        return
    for item in source.imports:
        library = item.module.partition(".")[0]
        if library in IO_MODULES and item.name not in IO_EXEMPT.get(library, ()):
            yield f"{source.path}:{item.line}: does I/O or reads a clock: {item.full}"


def breaches_of_size(source: Source) -> Iterator[str]:
    if source.lines > MAX_FILE and source.path not in TABLES:
        yield f"{source.path}: {source.lines} lines, more than {MAX_FILE}"
    for function in source.functions:
        if function.lines > MAX_FUNCTION and f"{source.path}:{function.name}" not in TABLES:
            yield f"{source.path}:{function.line}: {function.name} has {function.lines} lines"


def assert_none(breaches: Callable[[Source], Iterator[str]], *folders: str) -> None:
    found = [text for each in sources(*folders) for text in breaches(each)]
    assert not found, "\n".join(["", *found])


@pytest.mark.parametrize("package", PACKAGES)
def test_imports_point_downwards(package: str) -> None:
    assert_none(breaches_of_layers, package)


@pytest.mark.parametrize("package", PACKAGES)
def test_costly_libraries_stay_in_their_place(package: str) -> None:
    assert_none(breaches_of_libraries, package)


def test_protocol_modules_do_no_io() -> None:
    assert_none(breaches_of_sans_io, *PACKAGES)


@pytest.mark.parametrize("folder", [*PACKAGES, "tests", "examples"])
def test_files_and_functions_are_small(folder: str) -> None:
    assert_none(breaches_of_size, folder)


def test_sources_of_the_compiled_module_are_small() -> None:
    sizes = {path.name: len(path.read_text().splitlines()) for path in SPEED.iterdir()}
    assert len(sizes) > 1
    assert {name: size for name, size in sizes.items() if size > MAX_FILE} == {}


def test_a_one_shot_vtysh_pays_for_no_costly_library(tmp_path: Path) -> None:
    """`vtysh -c` to a daemon that answers nothing; at the end it tells what it has imported."""
    (tmp_path / "vtysh.conf").touch()
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(tmp_path / "bgpd.vty"))
    server.listen()
    answering = threading.Thread(target=answer_lines, args=(server,), daemon=True)
    answering.start()
    arguments = ["--vty_socket", str(tmp_path), "--config_dir", str(tmp_path), "-c", "show ip bgp"]
    script = (
        "import sys, pyvtysh.cli\n"
        f"status = pyvtysh.cli.main({arguments!r})\n"
        f"print(status, [name for name in {sorted(LIBRARIES)!r} if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT)
    server.close()
    answering.join(5)
    assert (done.stdout, done.stderr) == ("0 []\n", "")


def answer_lines(server: socket.socket) -> None:
    """One vty connection: each line, which ends in a NUL, is answered with status 0."""
    connection, _ = server.accept()
    with connection:
        while data := connection.recv(4096):
            connection.sendall(bytes(4) * data.count(b"\0"))


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("grammar/x.py", "import bgp.config"),
        ("grammar/x.py", "def f():\n    from zebra import rib"),
        ("zebra/rib.py", "from bgp.rib import table"),
        ("zebra/zapi/codec/x.py", "from zebra.rib import Rib"),
        ("bgp/peer.py", "from zebra.rib import Rib"),
        ("bgp/peer.py", "from zebra import rib"),
        ("bgp/rib/__init__.py", "from ...pyvtysh import cli"),
        ("pyvtysh/cli.py", "import tests.support"),
    ],
)
def test_a_breach_of_the_layers_is_seen(path: str, text: str) -> None:
    assert len(list(breaches_of_layers(parsed(path, text)))) == 1


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("bgp/peer.py", "from zebra.zapi.messages import RouteAdd"),
        ("bgp/peer.py", "from zebra import zapi"),
        (
            "bgp/rib/table.py",
            "from ..attrs import AttrSet\nfrom . import path\nimport grammar.base",
        ),
        ("pyvtysh/cli.py", "import zebra.rib, bgp.peer, grammar, os"),
    ],
)
def test_a_permitted_import_is_not_a_breach(path: str, text: str) -> None:
    assert list(breaches_of_layers(parsed(path, text))) == []


def test_other_breaches_are_seen() -> None:
    assert list(breaches_of_libraries(parsed("pyvtysh/cli.py", "import asyncio.events")))
    assert list(breaches_of_libraries(parsed("zebra/kernel/encode.py", "import pyroute2")))
    assert not list(breaches_of_libraries(parsed("pyvtysh/shell/keys.py", "import rich.text")))
    assert list(breaches_of_sans_io(parsed("bgp/session.py", "from time import monotonic")))
    assert list(breaches_of_sans_io(parsed("bgp/wire/open.py", "import socket")))
    assert not list(breaches_of_sans_io(parsed("bgp/wire/nlri.py", "from socket import AF_INET")))
    long = "def f():\n" + "    f()\n" * MAX_FUNCTION + "\n" * MAX_FILE
    assert len(list(breaches_of_size(parsed("bgp/x.py", long)))) == 2
