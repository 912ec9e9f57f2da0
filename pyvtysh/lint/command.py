"""The command line of a check: `vtysh --lint [--json] [--ignore RULE] FILE...`."""

import argparse
import io
import os
import sys

from pyvtysh.lint.report import FileReport, as_json, as_text, escaped

CLEAN, FOUND, UNREADABLE = 0, 1, 2
"""The exit statuses."""

MOST_BYTES = 64 << 20
"""A larger file is no configuration."""


def main(arguments: list[str], called: str = "vtysh --lint") -> int:
    """Check files; 0 if nothing was found, 1 for findings, 2 if a file could not be read.

    `-` is standard input. SystemExit for a wrong command line, with status 2.
    """
    options = _parser(called).parse_args(arguments)
    if not options.files and not options.rules:
        _parser(called).error("no file is given")
    if options.rules:
        _write(_list_rules())
        return CLEAN
    reports = [check_file(path, frozenset(options.ignore)) for path in options.files]
    for report in reports:
        if report.unreadable is not None:
            sys.stderr.write(f"{escaped(report.path)}: cannot be read: {report.unreadable}\n")
    _write(as_json(reports) if options.json else as_text(reports))
    if any(report.unreadable is not None for report in reports):
        return UNREADABLE
    return FOUND if any(report.findings for report in reports) else CLEAN


def _write(text: str) -> None:
    """To standard output, whatever it can show and for as long as somebody reads it."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def _parser(called: str) -> argparse.ArgumentParser:
    from pyvtysh.lint.rules import RULES

    parser = argparse.ArgumentParser(
        prog=called, description="Check configuration files without a router.", allow_abbrev=False
    )
    parser.add_argument("files", nargs="*", metavar="FILE", help="a file; - is standard input")
    parser.add_argument("--json", action="store_true", help="print an object for programs")
    parser.add_argument("--rules", action="store_true", help="list what is looked for, and end")
    parser.add_argument(
        "--ignore",
        action="append",
        default=[],
        metavar="RULE",
        choices=[rule.name for rule in RULES],
        help="leave out the findings of a rule; may be given several times",
    )
    return parser


def _list_rules() -> str:
    from pyvtysh.lint.rules import RULES

    return "".join(f"{rule.name} ({rule.severity.value}): {rule.words}\n" for rule in RULES)


def check_file(path: str, ignored: frozenset[str] = frozenset()) -> FileReport:
    """The report on one file, without the findings of these rules."""
    try:
        data, mode = _contents(path)
    except OSError as error:
        return FileReport(path, unreadable=error.strerror or str(error))
    except ValueError as error:  # a NUL in the path
        return FileReport(path, unreadable=str(error))
    return check_bytes(path, data, mode, ignored)


def check_bytes(
    path: str, data: bytes, mode: int | None = None, ignored: frozenset[str] = frozenset()
) -> FileReport:
    """The report on the bytes of a file; `mode` holds its permissions."""
    from pyvtysh.lint.reading import read
    from pyvtysh.lint.rules import findings

    found = findings(read(path, data, mode))
    return FileReport(path, [finding for finding in found if finding.rule.name not in ignored])


def _contents(path: str) -> tuple[bytes, int | None]:
    if path == "-":
        return _bounded(sys.stdin.buffer.read(MOST_BYTES + 1)), None
    with open(path, "rb") as file:
        return _bounded(file.read(MOST_BYTES + 1)), os.fstat(file.fileno()).st_mode


def _bounded(data: bytes) -> bytes:
    if len(data) > MOST_BYTES:
        raise OSError(f"more than {MOST_BYTES >> 20} MiB")
    return data
