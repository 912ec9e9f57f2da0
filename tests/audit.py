"""Known weaknesses in the packages that pyvtysh is installed with, as pip-audit's index knows them.

    python -m tests.audit

Ends with 1 when there are some. Without an index, or within `PATIENCE`, nothing is known, which is
said and is no failure: a build does not depend on a network.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires

PATIENCE = 10.0
"""Seconds."""

_NAME = re.compile(r"[A-Za-z0-9._-]+")


def needed(package: str = "pyvtysh") -> set[str]:
    """The packages that one is installed with, and those that they are, `metrics` included."""
    found: set[str] = set()
    waiting = [package]
    while waiting:
        name = waiting.pop()
        try:
            lines = requires(name) or []
        except PackageNotFoundError:  # for another Python or system
            continue
        for line in lines:
            asked, _, marker = line.partition(";")
            if "extra" in marker and "metrics" not in marker:
                continue
            match = _NAME.match(asked.strip())
            if match and normal(match[0]) not in found:
                found.add(normal(match[0]))
                waiting.append(match[0])
    return found


def normal(name: str) -> str:
    """A package's name as indexes have it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def report() -> list[dict[str, object]] | str:
    """What pip-audit says of each package, or why it says nothing."""
    words = ("--skip-editable", "--progress-spinner", "off", "--timeout", "5", "--format", "json")
    try:
        done = subprocess.run(
            [sys.executable, "-m", "pip_audit", *words],
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
        found: list[dict[str, object]] = json.loads(done.stdout)["dependencies"]
    except subprocess.TimeoutExpired:
        return f"no answer within {PATIENCE:.0f} seconds"
    except (OSError, ValueError, KeyError):
        return next(iter(reversed(done.stderr.strip().splitlines())), "no answer")
    return found


def judged(found: list[dict[str, object]], wanted: set[str]) -> Iterator[tuple[str, str]]:
    """The packages that are wanted: name, and `ok`, `unknown` or what is wrong."""
    for package in found:
        name = normal(str(package["name"]))
        if name not in wanted:
            continue
        if "skip_reason" in package:
            yield name, "unknown"
            continue
        faults = package.get("vulns") or []
        assert isinstance(faults, list)
        yield name, ", ".join(str(fault["id"]) for fault in faults) or "ok"


def main() -> int:
    """Print a line, or one for each fault."""
    found = report()
    if isinstance(found, str):
        print(f"packages not audited: {found}")
        return 0
    said = dict(judged(found, needed()))
    unknown = [name for name, verdict in said.items() if verdict == "unknown"]
    faults = {name: v for name, v in said.items() if v not in ("ok", "unknown")}
    for name, verdict in faults.items():
        print(f"{name}: {verdict}")
    more = f"; the index does not know {', '.join(sorted(unknown))}" if unknown else ""
    known = len(said) - len(unknown)
    print(f"{known} of {len(said)} packages audited, {len(faults)} with faults{more}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
