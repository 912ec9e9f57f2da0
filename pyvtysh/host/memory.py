"""`show memory`: what the allocator says, and how many objects of each kind there are.

The sizes are those of the objects alone, without what they refer to. Python counts no objects by
kind, so what was most is the most that was seen when somebody asked.
"""

import resource
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from grammar.output.table import memory_text

if TYPE_CHECKING:
    from pyvtysh.host.hosted import Component, Hosted

_HEAP = (
    ("Total heap allocated", "arena"),
    ("Holding block headers", "hblkhd"),
    ("Used small blocks", "usmblks"),
    ("Used ordinary blocks", "uordblks"),
    ("Free small blocks", "fsmblks"),
    ("Free ordinary blocks", "fordblks"),
    ("Ordinary blocks", "ordblks"),
    ("Small blocks", "smblks"),
    ("Holding blocks", "hblks"),
)
_FIELDS = [
    "arena",
    "ordblks",
    "smblks",
    "hblks",
    "hblkhd",
    "usmblks",
    "fsmblks",
    "uordblks",
    "fordblks",
    "keepcost",
]
_COUNTED = ("ordblks", "smblks", "hblks")
_HEADER = 16
"""Bytes of the collector's ahead of an object."""


@dataclass(frozen=True, slots=True)
class Objects:
    """`count` objects of `size` bytes each, of one kind and of one part of the program."""

    part: str
    kind: str
    count: int
    size: int


def memory_lines(objects: Iterable[Objects], most: dict[tuple[str, str], int]) -> Iterator[str]:
    """The lines of `show memory`; `most` keeps the largest counts from one time to the next."""
    yield from _heap_lines()
    part = None
    for each in objects:
        if each.part != part:
            part = each.part
            yield f"--- qmem {part} ---\n"
            yield f"{'Type':<30}: {'Current#':>8} {'  Size':>6} {'Total':>11}"
            yield f" {'Max#':>8} {'MaxBytes':>9}\n"
        key = each.part, each.kind
        top = most[key] = max(each.count, most.get(key, 0))
        if top:
            yield f"{each.kind:<30}: {each.count:>8} {each.size:>6} {each.count * each.size:>11}"
            yield f" {top:>8} {top * each.size:>9}\n"


def _heap_lines() -> Iterator[str]:
    yield "System allocator statistics:\n"
    heap = _mallinfo()
    if heap is None:
        used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10
        yield f"  Total heap allocated:  {memory_text(used)}\n"
        return
    for title, field in _HEAP:
        value = str(heap[field]) if field in _COUNTED else memory_text(heap[field])
        yield f"  {title + ':':<22} {value}\n"
    yield "(see system documentation for 'mallinfo' for meaning)\n"


def _mallinfo() -> dict[str, int] | None:
    """What the C library tells of its heap; None if it is not glibc, 2.33 or later."""
    import ctypes

    try:
        function = ctypes.CDLL(None).mallinfo2
    except (OSError, AttributeError):
        return None

    class Info(ctypes.Structure):
        _fields_ = [(name, ctypes.c_size_t) for name in _FIELDS]

    function.restype = Info
    info = function()
    return {name: getattr(info, name) for name in _FIELDS}


def objects_of(hosted: "Hosted[Component]") -> Iterator[Objects]:
    """What a daemon has: first what every daemon has, then what its `objects` names."""
    sessions = len(hosted.vty.connections) + (len(hosted.tcp.connections) if hosted.tcp else 0)
    ledger: Any = hosted.component.common.ledger
    yield Objects("libfrr", "Host config", 1, _size(type(hosted.component.common)))
    yield Objects("libfrr", "Thread stats", len(ledger.costs), 56)
    if hosted.vty.connections:
        kind = type(next(iter(hosted.vty.connections)))
        yield Objects("libfrr", "VTY", sessions, _size(kind))
    counted = getattr(hosted.component, "objects", None)
    for name, kind, count in counted() if counted is not None else ():
        yield Objects(hosted.name, name, count, _size(kind))


def _size(kind: type) -> int:
    """Bytes of an object of this class: its fields, and the dict of them if it has one."""
    own = kind.__basicsize__ + _HEADER
    return own + (sys.getsizeof({}) + 40 if kind.__dictoffset__ else 0)
