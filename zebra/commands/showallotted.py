"""Shows of what zebra allots to its clients."""

from typing import Any

from grammar.base.errors import Status
from grammar.command import Reply, show
from grammar.node import ENABLE, VIEW
from grammar.scope import Scope
from zebra import show as shown

SHOW_ALLOTTED = Scope((VIEW, ENABLE))


@show(
    SHOW_ALLOTTED,
    "show segment-routing srv6 locator [json$json]",
    "Show",
    "Segment routing",
    "Over IPv6",
    "Prefixes of segments",
    "As JSON",
)
def locators(zebra: Any) -> Any:
    """All locators."""
    return shown.views.locators(zebra)


@show(
    SHOW_ALLOTTED,
    "show segment-routing srv6 locator NAME$name detail",
    "Show",
    "Segment routing",
    "Over IPv6",
    "A prefix of segments",
    "Its name",
    "All there is to know",
)
def locator(zebra: Any, name: str) -> Any:
    """One locator; nothing is said of one that is not there."""
    return shown.views.locator(zebra, name)


@show(
    SHOW_ALLOTTED,
    "show segment-routing srv6 locator NAME$name detail json$json",
    "Show",
    "Segment routing",
    "Over IPv6",
    "A prefix of segments",
    "Its name",
    "All there is to know",
    "As JSON",
)
def locator_json(zebra: Any, name: str) -> Any:
    """One locator."""
    found = shown.views.locator(zebra, name)
    return found if found is not None else Reply([], Status.WARNING)
