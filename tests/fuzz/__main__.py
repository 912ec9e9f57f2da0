"""`make fuzz`: Atheris on every target, or on those named; what reaches more is kept.

    python -m tests.fuzz [--seconds 600] [--keep] [NAME...]

Each target runs for so many seconds in a process of its own, as many at once as there are cores,
from its seeds and from what is kept.
With `--keep` what it found is reduced to as few inputs as reach the same, and written to `corpus`.
An input that breaks a promise is left in `build/fuzz/NAME-*`, and the exit status is 1.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import sha1
from pathlib import Path
from typing import Final

from tests.fuzz.corpora import inputs, keep
from tests.fuzz.streams import STREAMS
from tests.fuzz.targets import DECODERS
from tests.report import Figure, record

NAMES: Final = (*DECODERS, *STREAMS)
_LEFT: Final = Path("build/fuzz")
_LONGEST: Final = 4096
_KEPT: Final = 400
"""Bytes of the longest input that is kept: the repository is to stay small."""


@dataclass(frozen=True, slots=True)
class Run:
    """What became of one target: how much was tried, and whether anything broke."""

    name: str
    tried: int
    reached: int
    failed: bool


def _drive(name: str, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.fuzz.drive", name, *options]
    return subprocess.run(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)


def _write(folder: Path, name: str) -> None:
    for data in inputs(name):
        (folder / sha1(data).hexdigest()).write_bytes(data)


def run(name: str, seconds: int, *, keeps: bool = False) -> Run:
    """Fuzz one target."""
    _LEFT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as found, tempfile.TemporaryDirectory() as least:
        _write(Path(found), name)
        done = _drive(
            name,
            f"-max_total_time={seconds}",
            f"-max_len={_LONGEST}",
            "-timeout=10",
            "-rss_limit_mb=2048",
            "-print_final_stats=1",
            f"-artifact_prefix={_LEFT}/{name}-",
            found,
        )
        if keeps and not done.returncode:
            merged = _drive(name, "-merge=1", f"-max_len={_KEPT}", least, found)
            if not merged.returncode:
                keep(name, (path.read_bytes() for path in Path(least).iterdir()))
    if done.returncode:
        print(done.stderr[-6000:], file=sys.stderr)
    tried = re.search(r"number_of_executed_units: (\d+)", done.stderr)
    reached = re.findall(r"cov: (\d+)", done.stderr)
    return Run(
        name,
        int(tried[1]) if tried else 0,
        int(reached[-1]) if reached else 0,
        bool(done.returncode),
    )


def main() -> int:
    parser = argparse.ArgumentParser(prog="tests.fuzz")
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(NAMES))
    options = parser.parse_args()
    unknown = set(options.names) - set(NAMES)
    if unknown:
        parser.error(f"no target is called {', '.join(sorted(unknown))}")
    runs = []
    print(f"{'target':14} {'inputs tried':>12} {'places reached':>14}  outcome")
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for one in pool.map(
            lambda name: run(name, options.seconds, keeps=options.keep), options.names or NAMES
        ):
            outcome = f"broken: see {_LEFT}/{one.name}-*" if one.failed else "clean"
            print(f"{one.name:14} {one.tried:12} {one.reached:14}  {outcome}", flush=True)
            runs.append(one)
    if not options.names:
        record("fuzz", figures(runs, options.seconds))
    return int(any(one.failed for one in runs))


def figures(runs: Sequence[Run], seconds: int) -> list[Figure]:
    """What `make report` tells of a run on all targets; FRR's decoders cannot be called alone."""
    each = f"Atheris, {seconds} s a target; nothing may escape but the declared error"
    return [
        Figure("decoders and conversations tried", len(runs), None, "", each),
        Figure("bad inputs tried", sum(one.tried for one in runs), None, "inputs", each),
        Figure("inputs that broke a promise", sum(one.failed for one in runs), None, "", each),
        Figure(
            "inputs kept and tried by make test",
            sum(len(inputs(name)) for name in NAMES),
            None,
            "inputs",
            "each of them changed at random too",
        ),
    ]


if __name__ == "__main__":
    sys.exit(main())
