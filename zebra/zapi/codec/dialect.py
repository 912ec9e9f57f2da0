"""What differs between releases that all call themselves version 6, and the shape of a row.

8.2 took three commands out, so every later number is 3 lower than in 8.1; the layouts of four
messages changed too. The header does not tell which dialect a client speaks.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from zebra.zapi.codec.cursor import Cursor

M = TypeVar("M")

Number = int
"""A command by its number in 8.2 to 8.4.4."""

_FIRST_MOVED = 26
_TAKEN_OUT = 3


@dataclass(frozen=True, slots=True)
class Dialect:
    """One release's layouts; `shift` is added to the numbers from 26 on."""

    name: str
    shift: int
    interface_name: int
    """Bytes of an interface's name."""
    tracks_safi: bool
    """Next-hop tracking carries a safi (and both flags of a registration)."""
    tells_resolved: bool
    """NEXTHOP_UPDATE carries the prefix that resolved, besides the one asked for."""
    flags_router_mac: bool
    """A next hop's own flag, not its route's, says that a router MAC follows."""

    def number(self, command: Number) -> int:
        """The number in this dialect of a command that is `command` in 8.4.4."""
        return command + self.shift if command >= _FIRST_MOVED else command


FRR84 = Dialect("8.4", 0, 16, tracks_safi=True, tells_resolved=True, flags_router_mac=True)
"""8.3 to 8.4.4."""
FRR81 = Dialect(
    "8.1", _TAKEN_OUT, 20, tracks_safi=False, tells_resolved=False, flags_router_mac=False
)
"""8.1, and what gobgpd 3.10 speaks unless told otherwise."""
DIALECTS = (FRR84, FRR81)


@dataclass(frozen=True, slots=True)
class Row(Generic[M]):
    """One command in one direction: its class, and its body to bytes and back.

    Where one class stands for two commands (`add`), `when` tells which values are this row's.
    """

    command: Number
    from_client: bool
    message: type[M]
    encode: Callable[[M, Dialect], bytes]
    decode: Callable[[Cursor, Dialect], M]
    when: Callable[[M], bool] = lambda _message: True
    only: Dialect | None = None
    """The only dialect that has the command, by its number there."""

    def number(self, dialect: Dialect) -> int:
        """The command's number in a dialect that has it."""
        return self.command if self.only is not None else dialect.number(self.command)


Rows = tuple[Row[Any], ...]


def by_command(rows: Rows, dialect: Dialect) -> Mapping[tuple[int, bool], Row[Any]]:
    """The rows by number in the dialect and direction."""
    return {
        (row.number(dialect), row.from_client): row
        for row in rows
        if row.only is None or row.only is dialect
    }
