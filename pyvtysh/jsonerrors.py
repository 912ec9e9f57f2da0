"""`vtysh --json-errors`: for programs, whatever fails is one JSON object on standard output.

A line that is taken prints what it prints without the option. One that is not prints the object of
`RouterError.as_json` in place of its answer, and so does a line that ends in `json` whose answer is
none: with such lines only, the output is JSON in any case. Nothing is written to standard error.
"""

import io
import json
import os
import sys
from collections.abc import Callable
from contextlib import suppress

from pyvtysh import loading, running
from pyvtysh.api.errors import RefusedError, RouterError
from pyvtysh.api.sync import Router, Sockets, first_refused, opened, parsed
from pyvtysh.history import History
from pyvtysh.options import USAGE, Options, UsageError, parse
from pyvtysh.questions import help_for

_WITHOUT = {"m", "C", "E", "t"}
"""Options that print besides what lines answer."""


def main(arguments: list[str]) -> int:
    """Run `vtysh` with these arguments; 0 when nothing failed, else 1."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # bytes that are no UTF-8 pass as they are
            stream.reconfigure(errors="surrogateescape")
    try:
        failed = _run(arguments)
        sys.stdout.flush()
    except (OSError, KeyboardInterrupt):  # all others are told where they arise
        with suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 1
    return int(failed)


def _run(arguments: list[str]) -> bool:
    try:
        options = parse(arguments)
        if "h" in options.flags:
            sys.stdout.write(USAGE)
            return False
        task = _task(options)
    except UsageError as error:
        return _tell({"error": "usage", "message": str(error).strip()})
    try:
        router = _connected(options)
    except RouterError as error:
        return _tell(error.as_json())
    with router:
        try:
            return task(router, options)
        except RouterError as error:
            return _tell(error.as_json())
        except OSError:
            raise
        except Exception as error:  # noqa: BLE001  a bug must not end in what is no JSON
            return _tell({"error": "internal", "message": repr(error)})


def _task(options: Options) -> Callable[[Router, Options], bool]:
    """What the options ask for; UsageError where nothing of it could be told as JSON."""
    if options.flags & _WITHOUT:
        raise UsageError("--json-errors goes with none of -C, -E, -m and -t")
    if "w" in options.flags:
        return _write
    if options.file is not None:
        return _load
    if options.commands:
        return _lines
    if "b" in options.flags:
        return _load
    raise UsageError("--json-errors goes with -c, -f, -b or -w")


def _connected(options: Options) -> Router:
    sockets = Sockets(options.vty_socket, None)
    return opened(sockets, options.config_dir, options.daemon, user="u" in options.flags)


def _tell(error: dict[str, str | int | None]) -> bool:
    """Print the object; True, since something failed. What is no UTF-8 is escaped."""
    sys.stdout.write(f"{json.dumps(error)}\n")
    return True


def _lines(router: Router, options: Options) -> bool:
    """The lines of `-c`, up to the first that fails; with `-n` all of them."""
    history = History.open(options.histfile)
    failed = False
    for line in options.commands:
        history.add(line)
        try:
            if line.rstrip().endswith("?"):
                begun = line.rstrip()[:-1]
                sys.stdout.writelines(f"{text}\n" for text in help_for(router.shell, begun))
                continue
            answer = router.run(line)
            if line.split()[-1:] == ["json"]:
                parsed(answer)
            else:
                answer.checked()
        except RouterError as error:
            failed = _tell(error.as_json())
            if "n" not in options.flags:
                break
        else:
            sys.stdout.write(answer.text)
            sys.stdout.flush()
        if router.shell.closed:
            break
    return failed


def _load(router: Router, options: Options) -> bool:
    """The file of `-f`, or the integrated one of `-b`."""
    path = options.file or str(running.integrated_path(router.shell))
    answer = router.drive(path, loading.load_file(router.shell, path))
    if answer.ok:
        sys.stdout.write(answer.text)
        return False
    with suppress(OSError), open(path, encoding="utf-8", errors="surrogateescape") as file:
        return _tell(first_refused(answer, file.read().split("\n")).as_json())
    text = answer.said + answer.text
    return _tell(RefusedError(path, "vtysh", text, answer.status).as_json())


def _write(router: Router, options: Options) -> bool:
    answer = router.drive("write", running.write_integrated(router.shell))
    sys.stdout.write(answer.checked())
    return False
