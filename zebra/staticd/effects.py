"""What a configuration line does to running state; `Staticd.react` is the only reader."""

from enum import Enum, auto


class Effect(Enum):
    """The consequence of a change."""

    ROUTE = auto()
    """Next hops of a destination changed; target: StaticKey."""
