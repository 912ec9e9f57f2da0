"""Routes put into a kernel and taken out of it, singly or as one of many of the same form."""

from dataclasses import replace
from typing import TYPE_CHECKING

from grammar.base.values import Prefix

if TYPE_CHECKING:
    from zebra.kernel.api import KernelRoute


Pieces = tuple[bytes, bytes, bytes]
"""A message but for its number and its destination: what stands before, between and after them."""


class RouteForm:
    """A route but for its prefix, of which only the family counts; a table's routes share few.

    Addresses have `width` octets, and stand in keys above `shift` bits of the length. The other
    two are for whoever encodes such changes: what he knows of them, by length.
    """

    __slots__ = ("installs", "removals", "route", "shift", "width")

    def __init__(self, route: "KernelRoute") -> None:
        self.route = route
        self.width = route.afi.size
        self.shift = 6 if self.width == 4 else 8
        self.installs: dict[int, Pieces] = {}
        self.removals: dict[int, Pieces] = {}


class _RouteChange:
    __slots__ = ("_route", "form", "key")
    __match_args__ = ("route",)

    def __init__(
        self, route: "KernelRoute | None", form: RouteForm | None = None, key: int = 0
    ) -> None:
        self._route = route
        self.form = form
        """With `key`, the route, unless it was given as one."""
        self.key = key

    @property
    def route(self) -> "KernelRoute":
        """The route in full."""
        if self._route is None:
            assert self.form is not None
            like = self.form.route
            self._route = replace(like, prefix=Prefix.from_key(like.afi, self.key))
        return self._route

    @property
    def nhid(self) -> int:
        """The number of the next-hop object that the route names, 0 for none."""
        return self.route.nhid if self.form is None else self.form.route.nhid

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and other.route == self.route  # type: ignore[attr-defined]

    def __hash__(self) -> int:
        return hash(self.route)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.route!r})"


class InstallRoute(_RouteChange):
    """Put a route in, in place of the one of its key if there is one."""

    __slots__ = ()


class RemoveRoute(_RouteChange):
    """Take the route of this table, prefix, metric and protocol out."""

    __slots__ = ()
