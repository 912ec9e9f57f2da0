"""`make perf [SIZE=100000] [RUNS=3]`: ours and the real FRR by turns, medians and the ratio."""

import sys
from dataclasses import fields
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

from tests.perf.load import COMMANDS, Figures, measure

UNITS = {
    "load": "load, CPU s",
    "withdraw": "withdraw, CPU s",
    "memory": "memory, MiB",
    "wait": "longest vty answer, ms",
}


def main(size: int, runs: int) -> None:
    """Measure and print a table."""
    kinds = [kind for kind, command in COMMANDS.items() if Path(command[0]).exists()]
    results: dict[str, list[Figures]] = {kind: [] for kind in kinds}
    for _ in range(runs):
        for kind in kinds:
            results[kind].append(measure(kind, size))
    table = Table("", *kinds, "ratio", title=f"{size:,} prefixes, median of {runs}")
    for field in fields(Figures):
        row = [median(getattr(f, field.name) for f in results[kind]) for kind in kinds]
        ratio = f"{row[0] / row[1]:.2f}" if len(row) == 2 and row[1] else "-"
        table.add_row(UNITS[field.name], *(f"{value:.2f}" for value in row), ratio)
    Console().print(table)


if __name__ == "__main__":
    numbers = [int(text) for text in sys.argv[1:]]
    main(*(numbers + [100_000, 3][len(numbers) :]))
