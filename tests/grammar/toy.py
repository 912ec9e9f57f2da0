"""A daemon small enough to see at a glance, for tests of declarations and of the executor."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

from grammar.base.errors import CommandError, Status
from grammar.base.values import Address
from grammar.call import Call, Change, Reply, View
from grammar.command import Entries, Flag, Setting, action, opens, show
from grammar.common import CommonConfig, common_scopes
from grammar.declared import Language
from grammar.node import CONFIG, ENABLE, VIEW, Node
from grammar.scope import Block, Scope

BARN = Node("barn", "(config-barn)", 90, CONFIG)
STALL = Node("stall", "(config-stall)", 91, BARN, ("exit-stall",))


class Effect(Enum):
    """What changes."""

    BARNS = auto()
    ANIMALS = auto()
    FEED = auto()


@dataclass(slots=True, eq=False)
class Stall:
    """A place in a barn."""

    name: str
    straw: bool | None = None


@dataclass(slots=True, eq=False)
class Animal:
    """Something with a name and manners."""

    name: Address | str
    kind: str | None = None
    quiet: bool | None = None
    feed: int | None = None
    water: int | None = None


@dataclass(frozen=True, slots=True)
class Fence:
    """A value of a list."""

    height: int | None = None


@dataclass(slots=True, eq=False)
class Barn:
    """An instance."""

    number: int
    lit: bool | None = None
    animals: dict[Any, Animal] = field(default_factory=dict)
    fences: dict[Any, Fence] = field(default_factory=dict)
    stalls: dict[str, Stall] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class FarmConfig:
    """All that is configured."""

    barns: dict[int, Barn] = field(default_factory=dict)


def _find_animal(barn: Barn, values: Any) -> Animal:
    animal = barn.animals.get(values["animal"])
    if animal is None:
        raise CommandError("% No such animal")
    return animal


TOP = Scope((CONFIG,))
SHOW = Scope((VIEW, ENABLE))
BARNS = Block(
    (BARN,),
    objects=lambda farm: [({}, barn) for barn in farm.config.barns.values()],
    open_line=lambda names, barn: f"barn {barn.number}",
)
ANIMALS = Scope(
    (BARN,),
    find=_find_animal,
    objects=lambda barn: [({"animal": a.name}, a) for a in barn.animals.values()],
)
ANIMAL = "animal <A.B.C.D|WORD>$animal"


@opens(TOP, "barn (1-99)$number", "A barn", "Its number", into=BARN, negatable=True)
def open_barn(call: Call) -> Barn | None:
    barns: dict[int, Barn] = call.daemon.config.barns
    number = call.values["number"]
    if call.negated:
        if barns.pop(number, None) is None:
            raise CommandError("% No such barn")
        call.changed(Effect.BARNS, call.daemon)
        return None
    if number == 13:
        raise CommandError("% Nobody builds that")
    if number not in barns:
        barns[number] = Barn(number)
        call.changed(Effect.BARNS, call.daemon)
    return barns[number]


lit = Flag(BARNS, "light", "Let there be light", field="lit", default=True)


@action(
    ANIMALS, f"{ANIMAL} kind WORD$kind", printer=lambda a, n: [f"animal {a.name} kind {a.kind}"]
)
def animal_kind(call: Call) -> None:
    barn: Barn = call.node_object
    name = call.values["animal"]
    barn.animals.setdefault(name, Animal(name)).kind = call.values["kind"]
    call.changed(Effect.ANIMALS, barn)


BARNS.add(ANIMALS)
quiet = Flag(ANIMALS, f"{ANIMAL} quiet", field="quiet", effect=Effect.ANIMALS)
meals = Setting(
    ANIMALS,
    f"{ANIMAL} meals ![(0-100)$feed (0-100)$water]",
    fields=("feed", "water"),
    effect=Effect.FEED,
)
fence = Entries(
    BARNS,
    "fence <A.B.C.D|WORD>$place [height (1-9)$height]",
    into="fences",
    key="place",
    item=Fence,
    effect=Effect.BARNS,
    missing="% There is no fence",
    alias=("hedge <A.B.C.D|WORD>$place [height (1-9)$height]",),
)
STALLS = Block(
    (STALL,),
    objects=lambda barn: [({}, stall) for stall in barn.stalls.values()],
    open_line=lambda names, stall: f"stall {stall.name}",
    close_line="exit-stall",
    before="!",
    skip_empty=True,
)


@opens(BARNS, "stall WORD$name", into=STALL)
def open_stall(call: Call) -> Stall:
    barn: Barn = call.node_object
    name = call.values["name"]
    return barn.stalls.setdefault(name, Stall(name))


straw = Flag(STALLS, "straw", field="straw")
BARNS.add(STALLS)


@show(SHOW, "show farm [json$json]", "Show", "The farm")
def show_farm(farm: Any) -> int:
    return len(farm.config.barns)


@show(SHOW, "show barn (1-99)$number", "Show", "One barn")
def show_barn(farm: Any, number: int) -> str | View:
    if number not in farm.config.barns:
        return View(-1, status=Status.WARNING)
    return f"barn {number}"


@action(SHOW, "show trouble", "Show")
def show_trouble(call: Call) -> Reply:
    raise ZeroDivisionError("a bug")


@action(TOP, "sigh", hidden=True)
def sigh(call: Call) -> str:
    return "hhh"


LANGUAGE = Language("farmd", "FARM", [*common_scopes((BARN, STALL)), TOP, BARNS, SHOW])


class Farm:
    """The component."""

    name = "farmd"
    language = LANGUAGE

    def __init__(self) -> None:
        self.config = FarmConfig()
        self.common = CommonConfig(hostname="farm", kernel_release="6.1")
        self.reactions: list[list[Change]] = []
        self.bugs: list[str] = []

    def react(self, changes: list[Change]) -> None:
        self.reactions.append(changes)

    def render(self, view: Any, as_json: bool) -> Iterable[str]:
        yield f'{{"barns":{view}}}\n' if as_json else f"{view} barns\n"

    def bug(self, where: str, error: Exception) -> None:
        self.bugs.append(f"{where}: {error}")
