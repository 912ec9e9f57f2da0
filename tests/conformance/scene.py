"""One topology with one router in it: built, started, and the story told."""

import json
import shlex
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.conformance import story as stories
from tests.conformance.nodes import Node, RouterNode, SpeakerNode, kind_of, make_peer, number_of
from tests.conformance.story import ROUTER, Step, Story
from tests.support.frr import FrrRouter
from tests.support.namespaces import Lab, Namespace
from tests.support.ours import EmbeddedRouter
from tests.support.router import Router
from tests.support.wait import until

TOPOLOGIES = Path(__file__).parent / "topologies"
SEGMENT = "eth0"
ACTS = ("wait", "do", "plug", "unplug", "start", "stop", "say")
CHANGING = ("type", "clear")
PATIENCE = 30.0
"""Seconds that a condition may take; most are there within two."""
ROUTERS: dict[str, type[Router]] = {"frr": FrrRouter, "ours": EmbeddedRouter}


@dataclass(frozen=True, slots=True)
class Question:
    """What is recorded: the line that heads it, how it is asked, whether it may be asked again."""

    title: str
    ask: Callable[[], str]
    again: bool = False


class Scene:
    """The nodes of a folder in namespaces of their own; `kind` says whose the router is."""

    def __init__(self, lab: Lab, folder: Path, kind: str) -> None:
        self.folder = folder
        self.story: Story = stories.read(folder / "story")
        self._lab = lab
        self._switch = lab.switch("segment")
        self._ports: dict[str, str] = {}
        self.acted = True
        """Whether something was done since somebody put this back."""
        namespace = self._namespace(ROUTER, 1)
        namespace.sysctl("net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1")
        config = (folder / "router.conf").read_text()
        self.router = RouterNode(namespace, config, ROUTERS[kind])
        self.nodes: dict[str, Node] = {ROUTER: self.router}
        for path in peers_of(folder):
            name, _ = kind_of(path)
            self.nodes[name] = make_peer(path, self._namespace(name, number_of(name)))
        self._wire()

    def _namespace(self, name: str, number: int) -> Namespace:
        made = self._lab.namespace(name)
        self._ports[name] = f"p{len(self._ports)}"
        _cable(made, (SEGMENT, 0, number), self._switch.namespace, (self._ports[name], 99, number))
        self._switch.namespace.ip("link", "set", self._ports[name], "master", "br0")
        made.ip("address", "add", f"10.0.0.{number}/24", "dev", SEGMENT)
        made.ip("address", "add", f"fd00::{number:x}/64", "dev", SEGMENT, "nodad")
        return made

    def _wire(self) -> None:
        router = self.router.namespace
        for number, link in enumerate(self.story.links, 1):
            other, device = self.nodes[link.peer].namespace, f"eth{number}"
            _cable(router, (device, number, 1), other, (device, number, number_of(link.peer)))
            for node, addresses in ((router, link.router), (other, link.other)):
                for address in addresses:
                    node.ip("address", "add", address, "dev", device, *_nodad(address))
        for who, device, address in self.story.addresses:
            node = self.nodes[who].namespace
            node.ip("address", "add", address, "dev", device, *_nodad(address))
        for name in self.story.unplugged:
            self._port(name, "down")

    def _port(self, name: str, state: str) -> None:
        self._switch.namespace.ip("link", "set", self._ports[name], state)

    def start(self) -> None:
        """Start all nodes at once."""
        with ThreadPoolExecutor(len(self.nodes)) as pool:
            for started in [pool.submit(node.start) for node in self.nodes.values()]:
                started.result()

    def close(self) -> None:
        """End what is of this process; other processes end with the laboratory."""
        for node in self.nodes.values():
            if isinstance(node, SpeakerNode | RouterNode):
                node.close()

    def tell(self) -> Iterator[Question]:
        """Go through the story; a question has to be asked before the next is taken."""
        for step in self.story.steps:
            node = self.nodes[step.who]
            self.acted |= step.verb in (*ACTS, *CHANGING)
            if step.verb in ACTS:
                self._act(node, step)
            else:
                yield from _questions(node, step)

    def _act(self, node: Node, step: Step) -> None:
        match step.verb:
            case "wait":
                self._wait(node, step)
            case "do":
                node.namespace.run(shlex.split(step.text))
            case "plug" | "unplug":
                self._port(step.who, "up" if step.verb == "plug" else "down")
            case "start":
                node.start()
            case "stop":
                node.stop()
            case _:
                assert isinstance(node, SpeakerNode), f"{step.who} is no speaker"
                assert node.speaker is not None
                for line in step.lines:
                    node.speaker.say(line)

    def _wait(self, node: Node, step: Step) -> None:
        command, wanted, expression = step.condition

        def look() -> bool:
            text = ask(node, command)
            if bool(expression.search(text)) is not wanted:
                raise AssertionError(text)
            return True

        until(look, PATIENCE, f"{self.folder.name}: {step.title}")


def _questions(node: Node, step: Step) -> Iterator[Question]:
    """What a step records."""
    match step.verb:
        case "both":
            for command in (step.text, f"{step.text} json"):
                yield Question(command, partial(node.answer, command), again=True)
        case "run" | "show":
            command = f"{step.verb} {step.text}"
            yield Question(step.title, partial(ask, node, command), again=True)
        case "heard":
            yield Question(step.title, partial(node.answer, "heard"), again=True)
        case "decisions":
            yield Question(step.title, partial(decisions, node, step.text or "ipv4"), again=True)
        case "running":
            assert isinstance(node, RouterNode)
            yield Question(step.title, node.running, again=True)
        case "type":
            assert isinstance(node, RouterNode), f"{step.who} takes no lines"
            if step.who == ROUTER:
                below = "".join(f"\n... {line}" for line in step.lines)
                yield Question(step.title + below, partial(node.type, step.lines))
            else:
                # What a peer answers to configuration is no matter of the router under test.
                node.type(step.lines)
        case _:
            yield Question(step.title, partial(node.answer, f"{step.verb} {step.text}"))


def ask(node: Node, command: str) -> str:
    """A node's answer to a command of its language, or what a program prints in its namespace."""
    if command.startswith("run "):
        return node.namespace.run(shlex.split(command)[1:], check=False).stdout
    return node.answer(command)


def decisions(node: Node, family: str) -> str:
    """The table in short: by prefix the paths' peers in order, and why the best one is that.

    `>` marks the best path, `=` those that are used beside it, `!` those that cannot be used.
    """
    answer = json.loads(node.answer(f"show bgp {family} unicast json"))
    return "".join(
        f"{prefix} | {' '.join(map(_path, paths))} | {_reason(paths)}\n"
        for prefix, paths in answer["routes"].items()
    )


def _path(path: dict[str, str]) -> str:
    mark = ">" if "bestpath" in path else "=" if "multipath" in path else ""
    usable = "" if "valid" in path else "!"
    return usable + mark + path["peerId"].removeprefix("10.0.0.")


def _reason(paths: list[dict[str, str]]) -> str:
    return next((path["selectionReason"] for path in paths if "selectionReason" in path), "-")


def peers_of(folder: Path) -> list[Path]:
    """The files of the peers in a folder."""
    others = {"router.conf", "story", "expected.txt", "README.md"}
    return sorted(path for path in folder.iterdir() if path.name not in others)


End = tuple[str, int, int]
"""A device, and the last two bytes of its MAC: so link-local addresses are known beforehand."""


def _cable(one: Namespace, end: End, other: Namespace, other_end: End) -> None:
    """A veth pair between two nodes, both ends up."""
    ends = [
        (device, "address", f"02:00:00:00:{net:02x}:{host:02x}")
        for device, net, host in (end, other_end)
    ]
    one.ip(
        *("link", "add", *ends[0], "type", "veth"),
        *("peer", "name", *ends[1], "netns", other.netns),
    )
    one.ip("link", "set", end[0], "up")
    other.ip("link", "set", other_end[0], "up")


def _nodad(address: str) -> tuple[str, ...]:
    return ("nodad",) if ":" in address else ()


@contextmanager
def scene(folder: Path, kind: str) -> Iterator[Scene]:
    """The topology, started, with that router."""
    with ExitStack() as stack:
        lab = stack.enter_context(Lab())
        made = Scene(lab, folder, kind)
        stack.callback(made.close)
        made.start()
        yield made
