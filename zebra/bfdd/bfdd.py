"""The component Bfdd: BFD's configuration without sessions."""

from collections.abc import Iterable
from typing import Any

from grammar.base.clock import Clock
from grammar.base.log import Level, Log
from grammar.command import Change
from grammar.common import CommonConfig
from grammar.declared import Language
from zebra.bfdd.config import BfddConfig


class Bfdd:
    """bfdd without a link to zebra: none of its peers ever comes up."""

    name = "bfdd"

    def __init__(self, clock: Clock, log: Log) -> None:
        self.clock = clock
        self.log = log
        self.common = CommonConfig()
        self.config = BfddConfig()

    @property
    def language(self) -> Language:
        """The commands bfdd understands."""
        from zebra.bfdd.commands import LANGUAGE

        return LANGUAGE

    def start(self) -> None:
        """Nothing runs in it."""

    def stop(self) -> None:
        """Nothing runs in it."""

    def react(self, changes: list[Change]) -> None:
        """No line has an effect on anything that runs."""

    def render(self, view: Any, as_json: bool) -> Iterable[str]:
        """The text of a view."""
        from zebra.bfdd.show import render

        return render(view, as_json)

    def bug(self, where: str, error: Exception) -> None:
        """Log an unexpected exception."""
        self.log.write(Level.ERRORS, f"internal error at {where}: {error!r}")
