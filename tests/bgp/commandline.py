"""A bgpd that only understands lines: configuration without running state."""

from collections.abc import Iterable
from typing import Any

from bgp.commands import LANGUAGE
from bgp.config import BgpdConfig
from bgp.zebra import ZebraView
from grammar.command import Change
from grammar.common import CommonConfig
from grammar.declared import Language
from grammar.node import CONFIG, Node
from grammar.session import Session


class Lines:
    """What a `Session` needs of a daemon; changes are kept for the test to look at."""

    name = "bgpd"

    def __init__(self) -> None:
        self.config = BgpdConfig()
        self.common = CommonConfig()
        self.instances: dict[str | None, Any] = {}
        self.zebra = ZebraView()
        self.changes: list[Change] = []

    @property
    def language(self) -> Language:
        return LANGUAGE

    def react(self, changes: list[Change]) -> None:
        self.changes += changes

    def render(self, view: Any, as_json: bool) -> Iterable[str]:
        return [repr(view)]

    def bug(self, where: str, error: Exception) -> None:
        raise error


class Terminal:
    """A session with a `Lines`, which remembers nothing but its node."""

    def __init__(self, node: Node = CONFIG) -> None:
        self.daemon = Lines()
        self.session = Session(self.daemon, node)

    def type(self, *lines: str) -> tuple[int, str]:
        """Type lines; status and text of the last one."""
        status, text = 0, ""
        for line in lines:
            reply = self.session.execute(line)
            status, text = int(reply.status), "".join(reply.output)
        return status, text

    def printed(self) -> list[str]:
        """The configuration, without lines that every daemon has and marks between blocks."""
        lines = self.session.config_lines()
        return [line for line in lines if line != "!" and not line.startswith("frr ")]
