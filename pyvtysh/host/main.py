"""`zebra`, `bgpd`, `staticd`, `bfdd` and `pyvtysh`: options in, exit status out."""

import asyncio
import sys
from collections.abc import Callable

from pyvtysh.host.errors import RefusedError, StartError, UsageError
from pyvtysh.host.options import Options, missing_module, parse
from pyvtysh.host.usage import usage, version


def main(program: str, arguments: list[str], called: str | None = None) -> int:
    """Run a program with these arguments, `called` by that name; the exit status."""
    try:
        options = parse(program, arguments, called or sys.argv[0])
    except RefusedError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except UsageError as error:
        sys.stderr.write(f"{error}\nInvalid options.\n\n{usage(program)}")
        return 1
    if "h" in options.flags:
        sys.stdout.write(usage(program))
        return 0
    if "v" in options.flags:
        sys.stdout.write(version(program))
        return 0
    missing = missing_module(options)
    if missing is not None:
        sys.stderr.write(f"{missing}\n")
        return 1
    if program != "pyvtysh" and options.pathspace and options.zserv is not None:
        sys.stderr.write("-N option overridden by -z for zebra named socket path\n")
    if "C" in options.flags:
        return _check(options)
    return _run(options)


def _run(options: Options) -> int:
    from pyvtysh.host import background

    def serve(ready: Callable[[], None]) -> None:
        background.prepare(options)
        if "processes" in options.flags:
            from pyvtysh.host.supervisor import serve as run
        elif options.program == "pyvtysh":
            from pyvtysh.host.router import serve as run
        else:
            from pyvtysh.host.daemon import serve as run
        asyncio.run(run(options, ready))

    return background.run(options.program, options.in_background, serve)


def _check(options: Options) -> int:
    """`-C`: read the configuration file, say what is wrong with it, and end."""
    from pyvtysh.host.check import check

    try:
        return check(options)
    except StartError as error:
        sys.stderr.write(f"{options.program}: {error}\n")
        return 1
