"""Lines that were drawn from all commands of a daemon, put in force and taken out again."""

import gc
from collections import Counter
from collections.abc import Collection
from typing import Protocol

from hypothesis import HealthCheck, Phase, settings

from grammar.base.errors import Status
from grammar.config import diff, parse
from grammar.node import CONFIG
from grammar.session import Daemon, Session
from tests.test_declarations import ENTER, Line


class World(Protocol):
    """Routers, at one of which lines are typed."""

    @property
    def timers(self) -> int:
        """How many run."""
        ...

    def state(self) -> dict[str, object]:
        """What may not change, beside objects."""
        ...

    def cycle(self, lines: list[Line], begun: dict[str, object]) -> None:
        """Put the lines in force, take them out, and compare the state."""
        ...


class Typist:
    """A user's session at a daemon, who types lines each in its node."""

    def __init__(self, daemon: Daemon) -> None:
        self.typed = Session(daemon, CONFIG)

    def type(self, line: str) -> Status:
        """One line, and what follows from it."""
        reply = self.typed.execute(line)
        "".join(reply.output)
        self.typed.flush()
        return reply.status

    def enter(self, drawn: Line) -> None:
        """A line in its node."""
        node, line = drawn
        if line.startswith("sid vpn export"):
            return  # FRR does not take it back
        self.typed.go(CONFIG)
        for way in ENTER[node.name]:
            self.type(way)
        self.type(line)

    @property
    def printed(self) -> str:
        """The running configuration."""
        return "\n".join(self.typed.config_lines()) + "\n"

    def reload(self, wanted: str) -> None:
        """Take out what is not wanted, and put in what is missing."""
        for _ in range(3):
            lines = diff(parse(self.printed), parse(wanted))
            if not lines:
                return
            self.typed.go(CONFIG)
            for line in lines:
                if line.startswith("no interface "):
                    self._empty(line.removeprefix("no "))
                    continue
                words = line.split()
                # Some lines are taken back without their values, as in FRR.
                while self.type(" ".join(words)) is not Status.SUCCESS and len(words) > 2:
                    words.pop()

    def _empty(self, block: str) -> None:
        """An interface that is there cannot be taken away, as in FRR: what it has is."""
        held = next(one for one in parse(self.printed) if one.line == block)
        self.typed.go(CONFIG)
        for one in held.body:
            self.type(block)
            self.type(one.line.removeprefix("no ") if one.line[:3] == "no " else f"no {one.line}")
        self.typed.go(CONFIG)


def drawing(examples: int) -> settings:
    """Of a test that draws so many configurations."""
    return settings(
        max_examples=examples,
        phases=[Phase.generate],  # what is drawn is short, and to make it shorter takes minutes
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )


def objects(packages: tuple[str, ...], but: Collection[str]) -> Counter[str]:
    """How many objects of the classes of some packages there are, by class, `but` of some."""
    gc.collect()
    found = Counter(
        f"{kind.__module__}.{kind.__qualname__}"
        for kind in map(type, gc.get_objects())
        if kind.__module__.startswith(packages)
    )
    return Counter({name: count for name, count in found.items() if name not in but})


def left_behind(
    world: World, lines: list[Line], packages: tuple[str, ...], but: Collection[str]
) -> Counter[str]:
    """Lines are put in force and taken out, and all is as before; the objects and timers left."""
    begun = world.state()
    world.cycle(lines, begun)  # what is made at its first use and then kept is there now
    before, timers = objects(packages, but), world.timers
    world.cycle(lines, begun)
    more = Counter(timers=world.timers) - Counter(timers=timers)
    return objects(packages, but) - before + more
