"""`make crash [MOMENTS=200] [SEED=1]`: SIGKILL at random moments, under load, files being written.

After each: kernel, zebra, staticd, bgpd and all neighbours agree, nothing is left over, frr.conf
is whole, and what a `write` had called saved is in force.
"""

import os
import random
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from subprocess import PIPE, Popen

from tests.reliability.scene import STATICS, Scene, configuration
from tests.report import Figure, record
from tests.support.namespaces import Lab
from tests.support.wait import until

VICTIMS = ("bgpd", "zebra", "staticd", "watcher", "vtysh", "all")
COUNT, PREFIXES, RATE = 4, 100, 300
LONGEST = 1.5
"""Seconds of load before a kill, at most."""
TYPED = 200
"""Different static routes that are typed, one after the other."""


class Writer:
    """Types configuration and writes it, again and again, each time in a vtysh of its own."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.saved: set[str] = set()
        """Static routes that a `write` after them called saved."""
        self.runs = self.writes = 0
        self.bad: list[str] = []
        self._shell: Popen[str] | None = None
        self._goes = threading.Event()
        self._thread: threading.Thread | None = None

    def begin(self) -> None:
        self._goes.set()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def end(self) -> None:
        self._goes.clear()
        if self._thread is not None:
            self._thread.join()

    def kill(self) -> None:
        """SIGKILL to the shell of this moment."""
        until(lambda: self._shell is not None, 10, "a shell", interval=0.002)
        shell = self._shell
        if shell is not None:
            shell.kill()

    def _run(self) -> None:
        while self._goes.is_set():
            self._once()

    def _once(self) -> None:
        prefix = f"198.19.{self.runs % TYPED}.0/24"
        lines = ["configure terminal", f"ip route {prefix} 10.0.1.1", "router bgp 65000"]
        lines += [f"neighbor 10.0.1.1 description run {self.runs}", "end", "write"]
        words = [word for line in lines for word in ("-c", line)]
        self.runs += 1
        argv = self.scene.node.argv([*self.scene.router.vtysh_argv(), *words])
        shell = Popen(argv, stdout=PIPE, stderr=PIPE, text=True)
        self._shell = shell
        said, errors = shell.communicate(timeout=60)
        self._shell = None
        if shell.returncode == 0 and said.endswith("[OK]\n") and not errors:
            self.writes += 1
            self.saved.add(prefix)
        if "Traceback" in errors or "internal error" in said + errors:
            self.bad.append(said + errors)


@dataclass
class Outcome:
    """What came of all moments; `bad` are sentences, none if all went well."""

    moments: Counter[str] = field(default_factory=Counter)
    longest: float = 0.0
    """Seconds from a kill until all agreed, at most."""
    seconds: list[float] = field(default_factory=list)
    writes: int = 0
    bad: list[str] = field(default_factory=list)


class Crashes:
    """A scene and its moments."""

    def __init__(self, scene: Scene, seed: int) -> None:
        self.chooser = random.Random(seed)
        self.scene = scene
        self.writer = Writer(self.scene)
        self.outcome = Outcome()

    def start(self) -> None:
        self.scene.await_agreement("before anything was killed")

    def moment(self, victim: str) -> None:
        """Load, a kill at a random moment of it, rest, and all of the looks."""
        self.scene.speakers.ask(f"flap {RATE}")
        self.writer.begin()
        time.sleep(self.chooser.uniform(0.0, LONGEST))
        self._kill(victim)
        began = time.monotonic()
        time.sleep(self.chooser.uniform(0.0, 0.5))  # the load goes on while they come back
        self.writer.end()
        self.scene.await_agreement(f"after SIGKILL to {victim}")
        self.outcome.seconds.append(time.monotonic() - began)
        self.outcome.moments[victim] += 1
        self.outcome.bad += self.faults(victim)

    def faults(self, victim: str) -> Iterator[str]:
        """What is lost or torn."""
        lost = self.writer.saved - self.scene.statics()
        if lost:
            yield f"{victim}: saved and lost: {sorted(lost)}"
        text = (self.scene.router.config / "frr.conf").read_text()
        wanted = [*configuration(COUNT).splitlines(), *(f"ip route {p} 10.0.1.1" for p in STATICS)]
        held = text.splitlines()
        missing = [line for line in wanted if line not in held and line.strip() != "!"]
        if missing:
            yield f"{victim}: frr.conf lacks {missing[:5]}"
        if not text.endswith(("exit\n", "!\n", "end\n")):
            yield f"{victim}: frr.conf ends with {text[-30:]!r}"
        until(self._write, 30, f"a write after SIGKILL to {victim}")
        litter = [path.name for path in self.scene.router.config.iterdir() if path.name[0] == "."]
        if litter:
            yield f"{victim}: left over: {litter}"
        yield from self.writer.bad
        self.writer.bad.clear()

    def _write(self) -> bool:
        """Refused while frr.conf is being loaded into a daemon that was started again."""
        said = self.scene.router.vtysh("write")
        assert said.stdout.endswith("[OK]\n"), said.text
        return True

    def _kill(self, victim: str) -> None:
        if victim == "vtysh":
            self.writer.kill()
        elif victim == "watcher":
            self._kill_watcher()
        elif victim == "all":
            # As when the machine loses its power, but for what the kernel keeps.
            self.writer.kill()
            self.writer.end()
            self._kill_watcher(("zebra", "staticd", "bgpd"))
            self.writer.begin()
        else:
            os.kill(self.scene.pid(victim), signal.SIGKILL)

    def _kill_watcher(self, others: tuple[str, ...] = ()) -> None:
        self.scene.watcher.popen.kill()
        self.scene.watcher.popen.wait()
        for daemon in others:
            with suppress(OSError, ValueError):
                os.kill(self.scene.pid(daemon), signal.SIGKILL)
        self.scene.watch()
        # A shell that finds no watcher writes by itself, also while daemons are not there yet.
        until(lambda: self.scene.vty("watchfrr", "show watchfrr"), 20, "the watcher")

    def close(self) -> Outcome:
        self.scene.close()
        self.outcome.writes = self.writer.writes
        self.outcome.longest = max(self.outcome.seconds, default=0.0)
        return self.outcome


def crashes(victims: list[str], seed: int, *, told: bool = False) -> Outcome:
    """Kill these, one moment each; AssertionError when all do not agree again."""
    with Lab() as lab:
        made = Crashes(Scene(lab, COUNT, prefixes=PREFIXES, seed=seed), seed)
        try:
            made.start()
            for number, victim in enumerate(victims, 1):
                made.moment(victim)
                if told:
                    took = made.outcome.seconds[-1]
                    print(f"{number:4} {victim:8} {took:5.1f} s  {made.outcome.bad}", flush=True)
        except BaseException:
            print(made.scene.watcher.output()[-4000:], file=sys.stderr)
            raise
        finally:
            outcome = made.close()
    return outcome


def main(moments: int, seed: int) -> int:
    """The make target."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    chooser = random.Random(seed)
    victims = [chooser.choice(VICTIMS) for _ in range(moments)]
    outcome = crashes(victims, seed, told=True)
    killed = ", ".join(f"{name} {count}" for name, count in outcome.moments.items())
    typical = sorted(outcome.seconds)[len(outcome.seconds) // 2]
    faults = "\n".join(outcome.bad) or "none"
    figures = [
        Figure("moments", moments, note=f"SIGKILL under load, seed {seed}: {killed}"),
        Figure("moments after which all agreed", len(outcome.seconds)),
        Figure("faults: torn files, saved lines lost, left-overs", len(outcome.bad)),
        Figure("until all agreed again, median", typical, unit="s"),
        Figure("the same, longest", outcome.longest, unit="s"),
        Figure("`write` called done meanwhile", outcome.writes),
    ]
    record("crashes", figures)
    print(f"{moments} moments ({killed}), {outcome.writes} writes; faults: {faults}")
    return 1 if outcome.bad else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))
