"""Routes put into a kernel and taken out of it, singly or as one of many of the same form."""

from dataclasses import replace
from typing import TYPE_CHECKING

from grammar.base.values import Prefix

if TYPE_CHECKING:
    from zebra.kernel.api import KernelRoute


class RouteForm:
    """A route but for its prefix, of which only the family counts; a table's routes share few.

    `wire` is for whoever encodes such routes: what he knows of them, by what he likes.
    """

    __slots__ = ("is_ipv4", "route", "wire")

    def __init__(self, route: "KernelRoute") -> None:
        self.route = route
        self.is_ipv4 = route.afi.bits == 32
        self.wire: dict[tuple[type, int], tuple[bytes, bytes, bytes]] = {}


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
