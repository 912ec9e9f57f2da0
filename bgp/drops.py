"""Segments that the kernel dropped before anybody saw them: MD5 signatures and GTSM (Linux)."""

from contextlib import nullcontext
from pathlib import Path
from typing import Final

from grammar.base.netns import inside

UNSIGNED: Final = "TCPMD5NotFound"
"""No MD5 signature where one is asked for (RFC 2385)."""
SIGNED: Final = "TCPMD5Unexpected"
"""One where none is."""
MISSIGNED: Final = "TCPMD5Failure"
"""One by another password."""
FAR: Final = "TCPMinTTLDrop"
"""Below the TTL that is asked for (RFC 5082)."""

_NAMES: Final = (UNSIGNED, SIGNED, MISSIGNED, FAR)
_FILE: Final = "/proc/thread-self/net/netstat"


class Drops:
    """What was dropped in a network namespace, by the kernel's names, since this was made.

    It is counted there for all programs and neighbours together.
    """

    def __init__(self, netns: str | None) -> None:
        """None is the program's own namespace."""
        self._netns = netns
        self._before = self._now()

    def since(self) -> dict[str, int]:
        """Empty where the kernel does not tell."""
        before = self._before
        return {name: count - before.get(name, 0) for name, count in self._now().items()}

    def _now(self) -> dict[str, int]:
        try:
            with nullcontext() if self._netns is None else inside(self._netns):
                return counts_of(Path(_FILE).read_text(encoding="ascii"))
        except (OSError, ValueError):
            return {}


def counts_of(text: str) -> dict[str, int]:
    """The counts from the kernel's file: pairs of lines, of names and of numbers; ValueError."""
    rows = [row.split() for row in text.splitlines() if row.startswith("TcpExt:")]
    found = dict(zip(*rows, strict=True)) if len(rows) == 2 else {}
    return {name: int(found.get(name, 0)) for name in _NAMES}
