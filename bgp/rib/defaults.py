"""The default route that a group of neighbours is given (`default-originate`)."""

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from bgp.attrs import AttrSet

DEFAULT_ROUTE: Final = 0
"""The key of 0.0.0.0/0 and of ::/0."""


class Default:
    """The default route of a family and a map: one object for all neighbours that have it.

    `attrs` are its attributes, None while it is not announced.
    """

    __slots__ = ("attrs", "name")

    def __init__(self, name: str | None, attrs: "AttrSet | None") -> None:
        self.name = name
        self.attrs = attrs


def is_given(default: Default | None) -> bool:
    """True while a default route is announced."""
    return default is not None and default.attrs is not None
