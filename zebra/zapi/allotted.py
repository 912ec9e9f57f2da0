"""Messages about what zebra allots to its clients: ranges of MPLS labels and of kernel tables,
SRv6 locators.

They follow FRR's label manager (LABEL_MANAGER_CONNECT and its like), table and SRv6 manager.
"""

from dataclasses import dataclass

from grammar.base.values import Prefix
from zebra.zapi.constants import RouteType


@dataclass(frozen=True, slots=True)
class LabelManagerConnect:
    """Asks for the label manager, and its answer (`result` 0 is good, None in the request).

    An `asynchronous` client asks by another command, and is answered by the same one.
    """

    protocol: RouteType
    instance: int = 0
    result: int | None = None
    asynchronous: bool = False


@dataclass(frozen=True, slots=True)
class LabelChunkRequest:
    """Asks for `size` labels, from `base` on or, with 0, from anywhere.

    Those that a client means to `keep` stay its own when it is gone.
    """

    protocol: RouteType
    instance: int = 0
    keep: bool = False
    size: int = 1
    base: int = 0


@dataclass(frozen=True, slots=True)
class LabelChunk:
    """The labels from first to last, None for those that were not to be had."""

    protocol: RouteType
    instance: int = 0
    labels: tuple[int, int] | None = None
    keep: bool = False


@dataclass(frozen=True, slots=True)
class LabelChunkRelease:
    """Gives the labels from `first` to `last` back."""

    protocol: RouteType
    instance: int = 0
    first: int = 0
    last: int = 0


@dataclass(frozen=True, slots=True)
class TableManagerConnect:
    """Asks for the table manager, and its answer (`result` 0 is good, None in the request).

    `protocol` is a number, which need not be a `RouteType`; the answer does not carry the owner.
    """

    protocol: int = 0
    instance: int = 0
    result: int | None = None


@dataclass(frozen=True, slots=True)
class TableChunkRequest:
    """Asks for `size` kernel tables."""

    size: int


@dataclass(frozen=True, slots=True)
class TableChunk:
    """The tables from first to last, None for those that were not to be had."""

    tables: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class TableChunkRelease:
    """Gives the tables from `first` to `last` back."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class LocatorAdd:
    """A locator has this prefix now, with its host bits."""

    name: str
    prefix: Prefix


@dataclass(frozen=True, slots=True)
class LocatorDelete:
    """A locator that the client uses is gone."""

    name: str
    prefix: Prefix


@dataclass(frozen=True, slots=True)
class LocatorChunkRequest:
    """Asks for the use of a locator."""

    name: str


@dataclass(frozen=True, slots=True)
class LocatorChunk:
    """A locator to use: its prefix, and how many bits of a segment are what."""

    name: str
    prefix: Prefix
    block_bits: int = 24
    node_bits: int = 24
    function_bits: int = 0
    argument_bits: int = 0


@dataclass(frozen=True, slots=True)
class LocatorChunkRelease:
    """Gives a locator back."""

    name: str


@dataclass(frozen=True, slots=True)
class FecRegister:
    """Client: packets to a prefix come in with this label, or with that of an index in the block.

    With neither the client wants to hear of the label that the prefix has.
    """

    prefix: Prefix
    label: int | None = None
    index: int | None = None


@dataclass(frozen=True, slots=True)
class FecUnregister:
    """Client: the label of a prefix is not in use any more."""

    prefix: Prefix


@dataclass(frozen=True, slots=True)
class FecUpdate:
    """zebra: the label of a prefix that the client registered."""

    prefix: Prefix
    label: int


Allotted = (
    LabelManagerConnect
    | LabelChunkRequest
    | LabelChunk
    | LabelChunkRelease
    | TableManagerConnect
    | TableChunkRequest
    | TableChunk
    | TableChunkRelease
    | LocatorAdd
    | LocatorDelete
    | LocatorChunkRequest
    | LocatorChunk
    | LocatorChunkRelease
    | FecRegister
    | FecUnregister
    | FecUpdate
)
