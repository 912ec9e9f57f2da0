"""`make perf [SIZE=100000] [RUNS=3]`: ours and the real FRR by turns, medians and the ratio.

Load and memory of bgpd, without filters and through them, the same with zebra and the kernel, then
what `vtysh -c` costs, then the start of ten routers.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

from tests.perf import filters, full, kernel, settings, shows
from tests.perf.load import COMMANDS
from tests.perf.starts import FILES, Started, background, farm, one_shots
from tests.support.namespaces import Lab
from tests.support.ours import OurRouter
from tests.support.router import DAEMONS

FILTERED = {"load": "load, CPU s", "again": "clear soft in, CPU s", "memory": "memory, MiB"}
SHOWN = {
    "cpu": "CPU s",
    "seconds": "seconds",
    "first": "first byte, ms",
    "memory": "memory, MiB more",
    "wait": "others wait, ms",
}
OF_PHASES = {"cpu": "CPU s", "seconds": "seconds", "memory": "memory, MiB"}


LINES = {
    "show ip bgp summary": ["show ip bgp summary"],
    "show running-config": ["show running-config"],
    "three lines of configuration": [
        "configure terminal",
        "router bgp 65001",
        "neighbor 10.0.0.2 description other",
    ],
}
ONE_SHOTS = 20
FARM = 10


def full_table(size: int, runs: int) -> Table:
    """A table of the Internet's mix through bgpd alone; what a tenth of it costs each prefix."""
    kinds = [kind for kind, command in COMMANDS.items() if Path(command[0]).exists()]
    whole: dict[str, list[full.Figures]] = {kind: [] for kind in kinds}
    tenth: dict[str, list[full.Figures]] = {kind: [] for kind in kinds}
    crowd: dict[str, list[full.Phase]] = {kind: [] for kind in kinds}
    for _ in range(runs):
        for kind in kinds:
            whole[kind].append(full.measure(kind, size))
            tenth[kind].append(full.measure(kind, size // 10))
            crowd[kind].append(full.ten(kind, size // 10))
    table = Table("", *kinds, "ratio", title=f"{size:,} prefixes, median of {runs}")

    def add(name: str, figure: Callable[[str, int], float]) -> None:
        row = [median(figure(kind, run) for run in range(runs)) for kind in kinds]
        table.add_row(name, *(f"{value:.2f}" for value in row), ratio(row))

    for phase in full.PHASES:
        add(f"{phase}, CPU s", lambda kind, run, p=phase: whole[kind][run].phases[p].cpu)  # type: ignore[misc]
        add(f"{phase}, seconds", lambda kind, run, p=phase: whole[kind][run].phases[p].seconds)  # type: ignore[misc]
    add("memory after the load, MiB", lambda kind, run: whole[kind][run].phases["load"].memory)
    add("bytes of each prefix", lambda kind, run: whole[kind][run].first)
    add("bytes of its second path", lambda kind, run: whole[kind][run].second)
    add(
        f"load of {size // 10:,}, CPU of each prefix by that of {size:,}",
        lambda kind, run: tenth[kind][run].load_each / whole[kind][run].load_each,
    )
    add(f"ten feeders of {size // 10:,}, CPU s", lambda kind, run: crowd[kind][run].cpu)
    add("the same, memory, MiB", lambda kind, run: crowd[kind][run].memory)
    add("latest keepalive, ms", lambda kind, run: whole[kind][run].late)
    add("longest answer of the vty, ms", lambda kind, run: whole[kind][run].wait)
    add("longest piece of work, CPU ms", lambda kind, run: whole[kind][run].piece)
    return table


def filter_table(size: int, runs: int) -> Table:
    """A table through a prefix-list and a route-map, inward and outward.

    FRR reads 1,000 lines of a prefix-list in 39 seconds, so its list is shorter, which makes no
    difference to prefixes.
    """
    lines = {"ours": 1000, "frr": 100}
    table = Table("", *lines, "ratio", title=f"{size:,} prefixes through filters, median of {runs}")
    for way in ("in", "out"):
        results: dict[str, list[filters.Figures]] = {kind: [] for kind in lines}
        for _ in range(runs):
            for kind, found in results.items():
                found.append(filters.measure(kind, size, way, lines[kind]))
        for name, unit in FILTERED.items():
            if way == "in" or name != "again":
                row = [median(getattr(f, name) for f in found) for found in results.values()]
                table.add_row(f"{way}, {unit}", *(f"{value:.2f}" for value in row), ratio(row))
    return table


def show_table(size: int, runs: int) -> Table:
    """Shows of a table in bgpd."""
    found = [shows.measure(size, 1) for _ in range(runs)]
    table = Table("", *shows.KINDS, "ratio", title=f"shows of {size:,} prefixes, median of {runs}")
    for line in shows.LINES:
        for name, unit in SHOWN.items():
            row = [median(getattr(run[line][kind], name) for run in found) for kind in shows.KINDS]
            table.add_row(f"{line}, {unit}", *(f"{value:.2f}" for value in row), ratio(row))
    return table


def kernel_table(size: int, runs: int) -> Table:
    """A table through bgpd and zebra into the kernel, then a second one beside it, and back."""
    results: dict[str, list[kernel.Figures]] = {"ours": [], "frr": [], "embedded": []}
    for _ in range(runs):
        for kind, found in results.items():
            found.append(kernel.measure(kind, size))
    title = f"{size:,} routes into the kernel, bgpd and zebra, median of {runs}"
    table = Table("", "ours", "frr", "ratio", "ours in one process", title=title)

    def add(name: str, figure: Callable[[kernel.Figures], float]) -> None:
        row = [median(map(figure, found)) for found in results.values()]
        shown = [f"{value:.2f}" for value in row]
        table.add_row(name, *shown[:2], ratio(row), shown[2])

    def of(phase: str, field: str) -> None:
        name = f"{phase}, {OF_PHASES[field]}"
        add(name, lambda figures: float(getattr(figures.phases[phase], field)))

    for phase in kernel.PHASES:
        for field in OF_PHASES:
            of(phase, field)
    add("most memory, MiB", lambda figures: figures.peak)
    add("longest answer of zebra, ms", lambda figures: figures.wait("zebra"))
    add("longest answer of bgpd, ms", lambda figures: figures.wait("bgpd"))
    return table


def ratio(row: list[float]) -> str:
    """The first figure by the second."""
    return f"{row[0] / row[1]:.2f}" if len(row) > 1 and row[1] else "-"


def one_shot_table(lab: Lab) -> Table:
    """`vtysh -c`, ours and FRR's, against our daemons."""
    title = f"vtysh -c, median of {ONE_SHOTS}"
    table = Table("", "ours", "frr", "ratio", "bare python", title=title)
    router = OurRouter(lab.namespace("oneshot"), FILES)
    with background(router):
        for name, lines in LINES.items():
            costs = one_shots(router, lines, ONE_SHOTS)
            for unit in ("wall", "cpu"):
                row = [
                    median(getattr(cost, unit) for cost in costs[kind]) * 1000
                    for kind in ("ours", "frr", "python")
                ]
                shown = [f"{value:.1f}" for value in row]
                table.add_row(f"{name}, {unit} ms", *shown[:2], ratio(row), shown[2])
    return table


def start_table() -> Table:
    """Ten routers, each three daemons with `-d`."""
    farm("ours", 1)  # so that all modules are compiled
    farms = {kind: farm(kind, FARM) for kind in ("ours", "frr")}
    table = Table("", *farms, "ratio", title=f"start of {FARM} routers of three daemons")
    figures: dict[str, Callable[[Started], float]] = {
        "CPU s": lambda one: one.cost.cpu,
        "seconds until -d returns": lambda one: one.cost.wall,
        "memory when idle, MiB": lambda one: one.memory,
    }
    for name, figure in figures.items():
        row = [sum(figure(one) for r in farms[kind] for one in r.values()) for kind in farms]
        table.add_row(name, *(f"{value:.2f}" for value in row), ratio(row))
        for daemon in DAEMONS:
            row = [median(figure(router[daemon]) for router in farms[kind]) for kind in farms]
            shown = [f"{value:.3f}" for value in row]
            table.add_row(f"  {daemon}, median", *shown, ratio(row))
    return table


def main(size: int, runs: int) -> None:
    """Measure and print tables."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    console = Console()
    console.print(full_table(size, runs))
    console.print(filter_table(size, runs))
    console.print(show_table(size, runs))
    console.print(kernel_table(size, runs))
    with Lab() as lab:
        console.print(one_shot_table(lab))
    console.print(start_table())
    for table in settings.tables():
        console.print(table)


if __name__ == "__main__":
    numbers = [int(text) for text in sys.argv[1:]]
    main(*(numbers + [100_000, 3][len(numbers) :]))
