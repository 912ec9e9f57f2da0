"""The text of a story: a head, then steps, one a line (README.md has the grammar)."""

import re
from dataclasses import dataclass, field
from pathlib import Path

ROUTER = "router"
COMMANDS = ("show", "clear", "debug", "no", "undebug")
"""First words of lines that are typed as they are; `no` is that of `no debug`."""
VERBS = (
    "wait",
    "type",
    "both",
    "running",
    "run",
    "do",
    "say",
    "heard",
    "decisions",
    "plug",
    "unplug",
)
PROCESSES = ("stop", "start")
HEAD = ("link", "address", "unplugged")


class StoryError(ValueError):
    """A line of a story that means nothing."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step: who does it, the verb, the words behind it, and the indented lines below."""

    who: str
    verb: str
    text: str
    lines: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The line as it stands above the answer in the transcript."""
        who = "" if self.who == ROUTER else f"@{self.who} "
        return f"{who}{self.verb} {self.text}".rstrip()

    @property
    def condition(self) -> tuple[str, bool, re.Pattern[str]]:
        """Of a `wait`: the command, whether the expression has to be found, the expression."""
        found = re.fullmatch(r"(.+?) (!?~) (.+)", self.text)
        if found is None:
            raise StoryError(f"wait COMMAND ~ EXPRESSION: {self.text!r}")
        return found[1], found[2] == "~", re.compile(found[3], re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Link:
    """A further cable between the router and a peer, with the addresses of both ends."""

    peer: str
    router: tuple[str, ...]
    other: tuple[str, ...]


@dataclass(slots=True)
class Story:
    """A whole story."""

    links: list[Link] = field(default_factory=list)
    addresses: list[tuple[str, str, str]] = field(default_factory=list)
    """Further addresses: node, device, address."""
    unplugged: list[str] = field(default_factory=list)
    """Nodes whose port is down at first."""
    steps: list[Step] = field(default_factory=list)


def read(path: Path) -> Story:
    """The story of a file; StoryError names the line that is wrong."""
    story = Story()
    for number, (line, below) in enumerate(_blocks(path.read_text()), 1):
        try:
            _take(story, line, below)
        except (StoryError, re.error) as error:
            raise StoryError(f"{path}, step {number}: {line}: {error}") from None
    return story


def _blocks(text: str) -> list[tuple[str, tuple[str, ...]]]:
    """Lines that begin in column 0, each with the indented ones below it."""
    found: list[tuple[str, list[str]]] = []
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        if line[0] != " ":
            found.append((line.rstrip(), []))
        elif found:
            found[-1][1].append(line.strip())
        else:
            raise StoryError(f"nothing above {line!r}")
    return [(line, tuple(below)) for line, below in found]


def _take(story: Story, line: str, below: tuple[str, ...]) -> None:
    who, _, rest = line[1:].partition(" ") if line[0] == "@" else (ROUTER, "", line)
    verb, _, text = rest.partition(" ")
    text = text.strip()
    if verb in HEAD:
        _head(story, verb, text)
    elif verb in COMMANDS:
        story.steps.append(Step(who, verb, text))
    elif verb in VERBS or verb in PROCESSES:
        if bool(below) != (verb in ("type", "say")):
            raise StoryError("indented lines belong below type and say, and below nothing else")
        step = Step(who, verb, text, below)
        if verb == "wait":
            assert step.condition
        story.steps.append(step)
    else:
        raise StoryError(f"unknown word {verb!r}")


def _head(story: Story, verb: str, text: str) -> None:
    match verb, text.split():
        case "link", [peer]:
            story.links.append(Link(peer, (), ()))
        case "link", [peer, one, *more]:
            ends = [end.split(",") for end in (one, *more)]
            if len(ends) != 2:
                raise StoryError("link PEER ROUTER-ADDRESS[,...] PEER-ADDRESS[,...]")
            story.links.append(Link(peer, tuple(ends[0]), tuple(ends[1])))
        case "address", [who, device, *addresses] if addresses:
            story.addresses += [(who, device, address) for address in addresses]
        case "unplugged", names if names:
            story.unplugged += names
        case _:
            raise StoryError(f"cannot read the words behind {verb}")
