"""`make soak [MINUTES=60]`: 50 neighbours that flap, refresh, come, go and are reconfigured.

Memory has to stay flat, nothing may be left of what was done and undone (descriptors, timers,
tasks, configuration), and no KEEPALIVE may be late. The curves go to docs/soak.svg and .csv.
"""

import os
import random
import re
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from tests.reliability import timeline
from tests.reliability.scene import Scene
from tests.report import Figure, record
from tests.support.namespaces import Lab
from tests.support.vty import Vty
from tests.support.wait import until

COUNT, PREFIXES, RATE = 50, 40, 200
DAEMONS = ("bgpd", "zebra", "staticd")
SAMPLE = 5.0
"""Seconds between two looks."""
DEEDS = 2.0
"""Deeds a second: reconfigurations, refreshes, sessions that end."""
DOCS = Path(__file__).parent.parent.parent / "docs"
FLAT = 0.03
"""By which share memory may be more in the last quarter than in the second."""
AT_LEAST = 1.0
"""MiB that it may be more all the same."""
LATE = 0.5
"""Seconds that a KEEPALIVE may be late beyond what the speakers' own process was late."""
MORE = "ip prefix-list SOAK seq 5 permit any\nroute-map SOAK permit 10\nexit\n"


@dataclass
class Sample:
    """What was seen at one moment; memory in MiB, times in seconds since the sample before."""

    minute: float
    memory: dict[str, float]
    descriptors: dict[str, int]
    late: float
    lag: float
    sessions: int


@dataclass
class Soak:
    """What was seen and done, and what is wrong at the end."""

    samples: list[Sample] = field(default_factory=list)
    deeds: Counter[str] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)
    """Sessions that ended, by why, but for those that a speaker ended itself."""
    bad: list[str] = field(default_factory=list)

    def memory(self, daemon: str) -> list[float]:
        return [sample.memory[daemon] for sample in self.samples]

    def grown(self, daemon: str) -> tuple[float, float]:
        """Medians in MiB of the second and of the last quarter."""
        values = self.memory(daemon)
        quarter = max(1, len(values) // 4)
        return median(values[quarter : 2 * quarter] or values), median(values[-quarter:])

    @property
    def latest(self) -> float:
        """Seconds by which the latest KEEPALIVE was late, beyond the speakers' own lateness."""
        return max(max(0.0, sample.late - sample.lag) for sample in self.samples)

    def judge(self) -> None:
        """Say what is wrong."""
        for daemon in DAEMONS:
            before, after = self.grown(daemon)
            if after > before * (1 + FLAT) + AT_LEAST:
                self.bad.append(f"{daemon} grew from {before:.1f} to {after:.1f} MiB")
        if self.latest > LATE:
            self.bad.append(f"a KEEPALIVE was {self.latest:.2f} s late")
        if self.lost["4/0"]:
            self.bad.append(f"{self.lost['4/0']} sessions ran out of hold time")


class Deeds:
    """What is done to the router, each undone at once or by the next one of its kind."""

    def __init__(self, scene: Scene, seed: int, done: Counter[str]) -> None:
        self._scene = scene
        self._chooser = random.Random(seed)
        self._done = done
        self._addresses = list(scene.speakers.addresses)
        self._all = (
            *(self.describe, self.filter, self.limit, self.statics, self.refresh, self.drop),
            *(self.shut, self.soft, self.forget, self.network, self.look, self.hard),
        )

    def any(self) -> None:
        """One deed, by chance."""
        deed = self._chooser.choice(self._all)
        deed(self._chooser.choice(self._addresses))
        self._done[deed.__name__] += 1

    def _type(self, daemon: str, *lines: str) -> None:
        with Vty(self._scene.router.run, daemon) as vty:
            for line in ("configure terminal", *lines):
                text, status = vty.ask(line)
                assert status in (0, 1), f"{line}: {text}"

    def _bgp(self, *lines: str) -> None:
        self._type("bgpd", "router bgp 65000", *lines)

    def _family(self, *lines: str) -> None:
        self._bgp("address-family ipv4 unicast", *lines)

    def describe(self, peer: str) -> None:
        text = "x" * self._chooser.randint(1, 70)
        self._bgp(f"neighbor {peer} description {text}", f"no neighbor {peer} description")

    def filter(self, peer: str) -> None:
        """A list goes in, decides, and is gone again."""
        self._family(f"neighbor {peer} prefix-list SOAK in", f"neighbor {peer} route-map SOAK out")
        self._family(
            f"no neighbor {peer} prefix-list SOAK in", f"no neighbor {peer} route-map SOAK out"
        )

    def limit(self, peer: str) -> None:
        self._family(f"neighbor {peer} maximum-prefix 10 warning-only")
        self._family(f"no neighbor {peer} maximum-prefix 10 warning-only")

    def statics(self, peer: str) -> None:
        route = f"ip route 198.19.{self._chooser.randrange(250)}.0/24 {peer}"
        self._type("staticd", route, f"no {route}")

    def refresh(self, peer: str) -> None:
        self._scene.speakers.ask(f"refresh {peer}")

    def drop(self, peer: str) -> None:
        self._scene.speakers.ask(f"drop {peer}")

    def shut(self, peer: str) -> None:
        self._bgp(f"neighbor {peer} shutdown", f"no neighbor {peer} shutdown")

    def soft(self, peer: str) -> None:
        way = self._chooser.choice(("soft", "soft in", "soft out"))
        with Vty(self._scene.router.run, "bgpd") as vty:
            vty.ask(f"clear bgp ipv4 unicast {peer} {way}")

    def hard(self, peer: str) -> None:
        with Vty(self._scene.router.run, "bgpd") as vty:
            vty.ask(f"clear bgp {peer}")

    def forget(self, peer: str) -> None:
        """A neighbour is taken away and comes again."""
        asn = 65000 + int(peer.rpartition(".")[2])
        self._bgp(f"no neighbor {peer}")
        self._bgp(f"neighbor {peer} remote-as {asn}", f"neighbor {peer} peer-group LOAD")

    def network(self, peer: str) -> None:
        prefix = f"203.0.{self._chooser.randrange(250)}.0/24"
        self._family(f"network {prefix}", f"no network {prefix}")

    def look(self, peer: str) -> None:
        for line in (
            f"show bgp neighbors {peer} json",
            "show bgp ipv4 unicast",
            "show bgp summary",
        ):
            self._scene.vty("bgpd", line)
        self._scene.vty("zebra", "show ip route")


class Run:
    """One soak: the scene, its samples, and how it was before."""

    def __init__(self, scene: Scene, seed: int) -> None:
        self.scene = scene
        self.soak = Soak()
        self.deeds = Deeds(self.scene, seed, self.soak.deeds)

    def run(self, seconds: float, rate: float = RATE, each: float = SAMPLE) -> Soak:
        """All of it; AssertionError when all do not agree before or afterwards."""
        scene, soak = self.scene, self.soak
        scene.await_agreement("before the soak", 120)
        config, rest = self._config(), self._rest()
        scene.speakers.ask("timing")
        scene.speakers.ask(f"flap {rate}")
        began = time.monotonic()
        sampled = began
        while (now := time.monotonic()) - began < seconds:
            self.deeds.any()
            if now - sampled >= each:
                sampled = now
                soak.samples.append(self._sample((now - began) / 60))
            time.sleep(1 / DEEDS)
        scene.await_agreement("after the soak", 120)
        soak.samples.append(self._sample((time.monotonic() - began) / 60))
        self._compare(config, rest)
        soak.judge()
        return soak

    def _compare(self, config: str, rest: dict[str, int]) -> None:
        """What is left of what was done and undone."""
        if self._config() != config:
            self.soak.bad.append(f"the configuration is another one:\n{self._config()}")

        def as_before() -> bool:
            found = self._rest()
            more = {what: (rest[what], n) for what, n in found.items() if n > rest[what]}
            assert not more, f"before and after: {more}"
            return True

        try:
            until(as_before, 60, "descriptors and timers as before", interval=1.0)
        except AssertionError as error:
            self.soak.bad.append(str(error))

    def _config(self) -> str:
        lines = [
            line
            for name in DAEMONS
            for line in self.scene.vty(name, "show running-config").splitlines()
        ]
        return "\n".join(sorted(lines))

    def _rest(self) -> dict[str, int]:
        """By daemon, what it has of which when nothing goes on."""
        found = {}
        for daemon in DAEMONS:
            found[f"{daemon}, descriptors"] = self._descriptors(daemon)
            timers = self.scene.vty(daemon, "show thread timers")
            found[f"{daemon}, timers"] = len(re.findall(r"^  \S", timers, re.MULTILINE))
        return found

    def _descriptors(self, daemon: str) -> int:
        return len(os.listdir(f"/proc/{self.scene.pid(daemon)}/fd"))

    def _sample(self, minute: float) -> Sample:
        timing = self.scene.speakers.ask("timing")
        for text in timing["lost"]:
            self.soak.lost[text.partition(" ")[2].removeprefix("notified ")] += 1
        return Sample(
            minute,
            {daemon: resident(self.scene.pid(daemon)) for daemon in DAEMONS},
            {daemon: self._descriptors(daemon) for daemon in DAEMONS},
            timing["late"],
            timing["lag"],
            timing["sessions"],
        )


def resident(pid: int) -> float:
    """MiB of memory that a process has, shared pages included."""
    with open(f"/proc/{pid}/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / (1 << 20)


def soaked(seconds: float, seed: int = 1) -> Soak:
    """A soak in a laboratory of its own."""
    with Lab() as lab:
        scene = Scene(lab, COUNT, prefixes=PREFIXES, seed=seed, more=MORE)
        try:
            return Run(scene, seed).run(seconds)
        except BaseException:
            print(scene.watcher.output()[-3000:], file=sys.stderr)
            raise
        finally:
            scene.close()


def main(minutes: float) -> int:
    """The make target."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    soak = soaked(minutes * 60)
    moments = [sample.minute for sample in soak.samples]
    late = [max(0.0, sample.late - sample.lag) for sample in soak.samples]
    lags = [sample.lag for sample in soak.samples]
    memory = [(daemon, soak.memory(daemon)) for daemon in DAEMONS]
    title = f"{COUNT} neighbours, {RATE} changes and {DEEDS:.0f} deeds a second"
    panels = [("memory, MiB", memory), ("seconds late", [("keepalive", late), ("speakers", lags)])]
    timeline.svg(DOCS / "soak.svg", title, moments, panels)
    timeline.csv(DOCS / "soak.csv", moments, [*memory, ("late", late), ("lag", lags)])
    for name, values in memory:
        print(timeline.text(f"memory of {name}", moments, values, "MiB"))
    print(timeline.text("latest KEEPALIVE, beyond the speakers' own lateness", moments, late, "s"))
    record("soak", figures(soak, minutes))
    print("\n".join(soak.bad) or "nothing wrong")
    return 1 if soak.bad else 0


def figures(soak: Soak, minutes: float) -> list[Figure]:
    """What the page tells."""
    done = ", ".join(f"{name} {count}" for name, count in sorted(soak.deeds.items()))
    lost = ", ".join(f"{why}: {count}" for why, count in sorted(soak.lost.items()))
    rows = [
        Figure("length", minutes, unit="min", note=f"{COUNT} neighbours, {RATE} changes a second"),
        Figure("deeds", soak.deeds.total(), note=done),
        Figure("sessions that were opened", soak.samples[-1].sessions),
        Figure("hold timers that ran out", soak.lost["4/0"], note=f"what ended sessions: {lost}"),
        Figure("latest KEEPALIVE", soak.latest, unit="s", note="beyond the speakers' lateness"),
    ]
    for daemon in DAEMONS:
        before, after = soak.grown(daemon)
        note = "medians of the second and of the last quarter"
        text = f"{before:.1f}, {after:.1f} MiB"
        rows.append(Figure(f"memory of {daemon}", text, note=note))
    rows.append(Figure("wrong at the end", len(soak.bad), note="; ".join(soak.bad)[:200]))
    return rows


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1])))
