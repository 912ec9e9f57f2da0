"""Views from the daemon's state: one function per kind of show command.

State classes are imported for their types only. The modules here are loaded when a command is run,
not when it is declared: the shell reads the declarations at every start.
"""

from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

from grammar.base.values import Safi

if TYPE_CHECKING:
    from bgp.config import Family
    from bgp.show.build import (
        addresses,
        adjacency,
        conditions,
        damped,
        evpn,
        find,
        flowspec,
        group,
        inuse,
        labels,
        misc,
        neighbor,
        nexthops,
        outbound,
        route,
        select,
        statistics,
        summary,
        table,
        updategroups,
    )

__all__ = [
    "addresses",
    "adjacency",
    "conditions",
    "damped",
    "evpn",
    "find",
    "flowspec",
    "group",
    "inuse",
    "labels",
    "misc",
    "neighbor",
    "nexthops",
    "outbound",
    "route",
    "select",
    "statistics",
    "summary",
    "table",
    "updategroups",
]


def tables(family: "Family") -> ModuleType:
    """The module that makes the tables of a family."""
    return import_module(f"{__name__}.{'flowspec' if family[1] is Safi.FLOWSPEC else 'table'}")


def __getattr__(name: str) -> ModuleType:
    if name not in __all__:
        raise AttributeError(name)
    return import_module(f"{__name__}.{name}")
