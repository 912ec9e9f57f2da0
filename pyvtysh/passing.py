"""Lines that no language of ours knows: passed on to the daemons that may know them.

A daemon that does not know a line says so by its status, and nothing else happens; what the others
answer is the answer. A daemon that knows it in a node above goes there by itself: its `list`, which
is different in each node, tells, and the shell follows. While a file is loaded daemons gather its
lines until one of another kind comes, so nothing is asked in between; there indentation tells.
"""

import re
from collections.abc import Generator, Iterable
from typing import TYPE_CHECKING

from grammar.base.errors import Status
from grammar.language.match import Unknown, match, split_words
from grammar.node import CONFIG, ENABLE, VIEW, Node
from pyvtysh.foreign import HIDDEN, absent
from pyvtysh.link import Running

if TYPE_CHECKING:
    from pyvtysh.dispatch import Vtysh

Offering = Generator[str, None, tuple[list[str], int]]
"""Chunks of text, then who took the line and the status."""

UNTAKEN = (Status.NO_MATCH, Status.AMBIGUOUS, Status.INCOMPLETE)
"""What a daemon says of a line that it cannot read."""

_LONGEST = 4000
"""What FRR's daemons read of a line; they never answer one that fills their 4096 bytes."""

_IN_CONFIG = "    line vty\n"
"""What `list` names in the config node only."""

_REFUSAL = 8192
"""The text of a refusal is shorter."""

_OWN = re.compile(
    r"(?:do )?(?:(?:help|who|list|find|disable|terminal|logmsg|echo|autocomplete|write)\b"
    r"|show (?:commandtree|configuration|startup-config|yang)\b)"
)
_OWN_CONFIG = re.compile(r"(?:no )?(?:log|yang|banner|hostname|domainname|XFRR\w*)\b")
"""Lines of the daemons' own vty, which FRR's vtysh does not pass on; those of the config node."""


_KEYWORD = re.compile(r"[a-z][a-z0-9-]*")


def pass_on(vtysh: "Vtysh", line: str) -> Running:
    """Give a line to the daemons that may know it; one of `UNTAKEN` if none takes it."""
    text = line.strip()
    node = vtysh.node
    exec_line = text.startswith("do ") or not node.is_config
    if _OWN.match(text) or (node is CONFIG and _OWN_CONFIG.match(text)):
        return Status.NO_MATCH
    if not exec_line and vtysh.merged.daemons_only(node, split_words(text)):
        return Status.NO_MATCH
    if len(line) > _LONGEST or (not exec_line and _begun(vtysh, text)):
        return Status.NO_MATCH
    if exec_line or node is CONFIG:
        _, status = yield from _offer(vtysh, list(vtysh.links), line)
    else:
        status = yield from _in_block(vtysh, node, line)
    missing = _missing(vtysh, text) if status == Status.NO_MATCH else None
    if missing is None:
        return status
    if vtysh.indented is not None:
        return Status.SUCCESS
    vtysh.say(f"{missing} is not running\n")
    return Status.NO_DAEMON


def _begun(vtysh: "Vtysh", text: str) -> bool:
    """True for a line that a node of ours, this one or one above, knows the beginning of.

    Nobody else knows it better; and a daemon that finds a line incomplete in a node above stays
    there (FRR's manner), out of step with us.
    """
    node: Node | None = vtysh.node
    if node is CONFIG or vtysh.merged.is_foreign(vtysh.node):
        return False
    words = split_words(text)
    while node is not None and node.is_config:
        if not isinstance(match(vtysh.merged.graph(node), words), Unknown):
            return True
        node = node.parent
    return False


def _missing(vtysh: "Vtysh", text: str) -> str | None:
    """The daemon that would know a line, if it does not run: by the block, or by the words."""
    if vtysh.merged.is_foreign(vtysh.node):
        owners = vtysh.merged.owners_of_node(vtysh.node)
        if owners and not any(name in vtysh.links for name in owners):
            return owners[0]
    return absent(text, vtysh.links)


def _in_block(vtysh: "Vtysh", node: Node, line: str) -> Running:
    """First the daemons of the node, then the others, who are in the config node."""
    inside = [name for name in vtysh.merged.owners_of_node(node) if name in vtysh.links]
    if node.parent is not CONFIG and vtysh.indented is None:
        for name in inside:  # while they are here, to see afterwards whether they still are
            listing(vtysh, name, node)
    takers, status = yield from _offer(vtysh, inside, line)
    if takers:
        if vtysh.indented is None:
            yield from _follow(vtysh, takers[0], node)
        return status
    outside = [name for name in vtysh.links if name not in inside]
    takers, said = yield from _offer(vtysh, outside, line)
    if takers:
        yield from _to_config(vtysh)
        return said
    return status


def _offer(vtysh: "Vtysh", names: Iterable[str], line: str) -> Offering:
    """Who took the line, and the status: up to the first that refuses what it knows."""
    takers: list[str] = []
    untaken: int = Status.NO_MATCH
    for name in names:
        vtysh.asked = name
        status = yield from unless_untaken(vtysh.ask(name, line))
        if status in UNTAKEN:
            untaken = untaken if status == Status.NO_MATCH else status
            continue
        takers.append(name)
        if status == Status.WARNING and vtysh.through_warnings:
            continue
        if status != Status.SUCCESS:
            return takers, status
    return takers, Status.SUCCESS if takers else untaken


def unless_untaken(running: Running) -> Running:
    """An answer without the words of a daemon that cannot read the line."""
    held: list[str] = []
    size = 0
    while True:
        try:
            chunk = next(running)
        except StopIteration as end:
            if end.value not in UNTAKEN:
                yield from held
            return int(end.value)
        held.append(chunk)
        size += len(chunk)
        if size > _REFUSAL or not held[0].startswith("%"):
            yield from held
            held.clear()
            return (yield from running)


def listing(vtysh: "Vtysh", name: str, node: Node) -> str:
    """What a daemon lists in the node that the shell is in; asked for once a connection."""
    known = vtysh.listings.setdefault(name, {})
    if node not in known:
        known[node] = _text(vtysh.ask(name, "list"))
    return known[node]


def _text(running: Running) -> str:
    return "".join(running)


def _follow(vtysh: "Vtysh", taker: str, node: Node) -> Running:
    """Go where a daemon went that took a line."""
    now = _text(vtysh.ask(taker, "list"))
    if _IN_CONFIG in now:
        return (yield from _to_config(vtysh))
    if node.parent is not CONFIG and now != listing(vtysh, taker, node):
        for name in vtysh.merged.owners_of_node(node):
            if name != taker:
                yield from vtysh.ask(name, "exit")
        vtysh.session.leave()
    return Status.SUCCESS


def _to_config(vtysh: "Vtysh") -> Running:
    """All to the config node, as after an `exit` that leads there."""
    vtysh.session.go(CONFIG)
    yield from vtysh.ask_all("end")
    yield from vtysh.ask_all("configure")
    return Status.SUCCESS


def is_of_block(vtysh: "Vtysh", words: list[str]) -> bool:
    """True for a line of a node that only the daemons know, which a node above knows as well.

    `router-id` in `router ospf` is not zebra's. In a file the indentation tells, else whether a
    daemon of the node lists a line that begins so.
    """
    node = vtysh.node
    if node in (VIEW, ENABLE, CONFIG) or not vtysh.merged.is_foreign(node):
        return False
    if words[0] in HIDDEN.get(node.name, ()):
        return True
    if vtysh.indented is not None:
        return vtysh.indented
    return any(
        _begins(command.split(), words)
        for name in vtysh.merged.owners_of_node(node)
        if name in vtysh.links
        for command in listing(vtysh, name, node).splitlines()
    )


def _begins(command: list[str], words: list[str]) -> bool:
    """Whether words may be a listed command, by its first two places."""
    if command[:1] == ["[no]"]:
        command = command[1:]
        words = words[1:] if words[0] == "no" else words
    if not words or not command or not _KEYWORD.fullmatch(command[0]):
        return False
    return len(words) >= min(len(command), 2) and all(
        _fits(place, word) for place, word in zip(command[:2], words, strict=False)
    )


def _fits(place: str, word: str) -> bool:
    if place[0] in "[{(" or not _KEYWORD.search(place):
        return True
    choices = place.strip("<>").split("|")
    return any(
        choice.startswith(word) if _KEYWORD.fullmatch(choice) else True for choice in choices
    )
