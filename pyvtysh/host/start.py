"""The programs' first steps, before anything costly is imported.

A laboratory starts thirty daemons at once, and nearly all that a start costs is imports.
"""

import gc
import sys

from grammar.base.deferred import defer_methods
from pyvtysh.standard import open_standard_files


def zebra() -> int:
    """Run zebra; the exit status."""
    return run("zebra", sys.argv[1:])


def bgpd() -> int:
    """Run bgpd; the exit status."""
    return run("bgpd", sys.argv[1:])


def staticd() -> int:
    """Run staticd; the exit status."""
    return run("staticd", sys.argv[1:])


def bfdd() -> int:
    """Run bfdd; the exit status."""
    return run("bfdd", sys.argv[1:])


def pyvtysh() -> int:
    """Run the whole router in one process, or check files; the exit status."""
    if sys.argv[1:2] == ["check"]:
        from pyvtysh.lint.command import main

        return main(sys.argv[2:], "pyvtysh check")
    return run("pyvtysh", sys.argv[1:])


def run(program: str, arguments: list[str], called: str | None = None) -> int:
    """Run a program with these arguments, `called` by that name; the exit status."""
    open_standard_files()
    gc.disable()  # there is no garbage yet; `signals` collects once all is loaded
    _import_asyncio()
    defer_methods()
    from pyvtysh.host.main import main

    return main(program, arguments, called)


def _import_asyncio() -> None:
    """Import asyncio as where Python has no `ssl`: 6 ms and 4 MB for what no daemon speaks."""
    if "ssl" in sys.modules:
        return
    sys.modules["ssl"] = None  # type: ignore[assignment]  # this makes an import of it fail
    try:
        import asyncio  # noqa: F401
    finally:
        del sys.modules["ssl"]
