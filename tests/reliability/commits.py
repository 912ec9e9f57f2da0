"""`make crash`: SIGKILL to a shell at random moments of a commit; all or nothing is in force.

zebra, staticd and bgpd in processes of their own; the commit changes lines of each. Half of the
times the process that undoes it for a dead shell is killed with the shell, and the next shell has
to find what is left. Each time what was not finished is told by the next shell.

    python -m tests.reliability.commits [MOMENTS=30] [SEED=1]
"""

import os
import random
import re
import signal
import sys
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from subprocess import DEVNULL, Popen

import pyvtysh
from pyvtysh.candidate.tree import Tree, tree_of
from tests.report import Figure, record
from tests.support.namespaces import Lab
from tests.support.ours import OurRouter
from tests.support.wait import until

VICTIMS = ("shell", "shell and its heir")
_LINES = 12
"""Lines of a commit for each daemon."""
_TOLD = re.compile(r"commit \d+ was cut short: it was taken back", re.IGNORECASE)


def _lines(number: int) -> list[str]:
    """A change for each daemon, another one each time."""
    statics = [f"ip route 10.{number % 200}.{low}.0/24 blackhole" for low in range(_LINES)]
    lists = [f"ip prefix-list P{number} seq {n} permit 10.{n}.0.0/16" for n in range(1, _LINES)]
    peers = [f"neighbor 10.9.{number % 200}.{low + 1} remote-as 65002" for low in range(_LINES)]
    zebra = ["interface lo", f"description run {number}", "exit"]
    return [*statics, *lists, *zebra, "router bgp 65001", *peers]


class Commits:
    """A router, the shells that are killed, and what came of them."""

    def __init__(self, lab: Lab, seed: int) -> None:
        self.chooser = random.Random(seed)
        self.router = OurRouter(lab.namespace("cmt"), {"bgpd.conf": "router bgp 65001\n"})
        self.router.start()
        self.folder = self.router.config / "commits"
        self.outcomes: Counter[str] = Counter()
        self.bad: list[str] = []
        self.at_work = 0
        """Shells that were killed while lines were being typed into the daemons."""
        self.length = 1.0
        """Seconds that this takes, of which the moments are."""

    def running(self) -> Tree:
        with pyvtysh.connect(str(self.router.run)) as router:
            return tree_of(router.running_config())

    def measure(self) -> None:
        """How long a commit is at work that nobody kills."""
        shell = self._shell(0)
        self._until_at_work(shell)
        began = time.monotonic()
        until(lambda: not (self.folder / "at-work").exists(), 60, "the commit", interval=0.002)
        self.length = time.monotonic() - began
        assert shell.wait(60) == 0

    def _until_at_work(self, shell: Popen[bytes]) -> None:
        """The commit begins, or is over already."""
        path = self.folder / "at-work"
        until(lambda: path.exists() or shell.poll() is not None, 60, "a commit", interval=0.002)

    def moment(self, number: int, victim: str) -> None:
        """One commit, and a kill somewhere in it."""
        before = self.running()
        shell = self._shell(number)
        self._until_at_work(shell)
        time.sleep(self.chooser.uniform(0.0, 1.3) * self.length)
        heirs = self._heirs() if victim != "shell" else []
        for pid in (*heirs, shell.pid):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        killed = shell.wait(60) == -signal.SIGKILL
        at_work = killed and (self.folder / "at-work").exists()
        self.at_work += at_work
        if victim == "shell":
            until(lambda: not (self.folder / "at-work").exists(), 60, "the heir")
        said = self._next_shell()
        self._judge(f"{number} ({victim})", before, said, killed=killed, at_work=at_work)

    def _judge(self, what: str, before: Tree, said: str, *, killed: bool, at_work: bool) -> None:
        now = self.running()
        new = {path for path in now if path not in before}
        undone = not new and now.keys() == before.keys()
        done = self._is_whole(new)
        self.outcomes["none of it" if undone else "all of it" if done else "torn"] += 1
        if not (undone or done):
            self.bad.append(f"{what}: {len(new)} lines are in force: {sorted(new)[:4]}")
        if at_work and undone and not _TOLD.search(said):
            self.bad.append(f"{what}: taken back, and the next shell says {said!r}")
        if not killed and not done:
            self.bad.append(f"{what}: the shell had ended, and its commit is not in force")
        left = [name for name in ("at-work", "notices") if (self.folder / name).exists()]
        if left:
            self.bad.append(f"{what}: left over: {left}")

    @staticmethod
    def _is_whole(new: set[tuple[str, ...]]) -> bool:
        """All that a commit makes: `description` takes the place of the former one."""
        statics = sum(path[-1].startswith("ip route ") for path in new)
        lists = sum(path[-1].startswith("ip prefix-list ") for path in new)
        peers = sum(path[-1].startswith("neighbor ") for path in new)
        described = any(path[-1].startswith("description run ") for path in new)
        return (statics, lists, peers, described) == (_LINES, _LINES - 1, _LINES, True)

    def _shell(self, number: int) -> Popen[bytes]:
        lines = ["configure private", *_lines(number), f"commit comment run {number}", "end"]
        words = [word for line in lines for word in ("-c", line)]
        return Popen(self._argv(words), stdout=DEVNULL, stderr=DEVNULL)

    def _argv(self, words: list[str]) -> list[str]:
        return [str(word) for word in (*self.router.vtysh_argv(), *words)]

    def _heirs(self) -> list[int]:
        """The processes that wait for the end of a shell over a commit, of this scene alone."""
        named, found = bytes(self.folder / "at-work"), []
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                with suppress(OSError):
                    words = (entry / "cmdline").read_bytes().split(b"\0")
                    if named in words and b"pyvtysh.candidate.guard" in words:
                        found.append(int(entry.name))
        return found

    def _next_shell(self) -> str:
        with pyvtysh.connect(str(self.router.run), config_dir=str(self.router.config)) as router:
            answer = router.run("configure private")
            router.run("discard")
            router.run("end")
            return answer.text

    def close(self) -> None:
        self.router.stop()


def commits(moments: int, seed: int, *, told: bool = False) -> Commits:
    """Kill so many shells over their commits; what came of it. Fault sentences are in `bad`."""
    with Lab() as lab:
        made = Commits(lab, seed)
        try:
            made.measure()
            for number in range(1, moments + 1):
                victim = VICTIMS[number % len(VICTIMS)]
                made.moment(number, victim)
                if told:
                    print(f"{number:4} {victim:20} {dict(made.outcomes)} {made.bad}", flush=True)
        finally:
            made.close()
    return made


def main(moments: int, seed: int) -> int:
    """The part of `make crash`."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    made = commits(moments, seed, told=True)
    told = ", ".join(f"{name} {count}" for name, count in sorted(made.outcomes.items()))
    figures = [
        Figure("shells killed over a commit", moments, note=f"seed {seed}; in force: {told}"),
        Figure("killed while lines were typed into the daemons", made.at_work),
        Figure("faults: torn commits, not told, left-overs", len(made.bad)),
    ]
    record("commits", figures)
    print(f"{moments} shells killed over a commit ({told}); faults: {made.bad or 'none'}")
    return 1 if made.bad else 0


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:]]
    sys.exit(main(*numbers, *(30, 1)[len(numbers) :]))
