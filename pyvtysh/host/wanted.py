"""What the host asks of a component besides what its sessions need."""

from typing import Protocol

from grammar.common import CommonConfig
from grammar.session import Daemon


class Hostable(Daemon, Protocol):
    """A component as its listeners see it."""

    @property
    def common(self) -> CommonConfig:
        """The configuration that every daemon has."""
        ...
