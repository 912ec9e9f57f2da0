"""Shows of what zebra allots to its clients, and of labels and pseudowires that are configured."""

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


@show(
    SHOW_ALLOTTED,
    "show mpls fec [<A.B.C.D/M$prefix|X:X::X:X/M$prefix>]",
    "Show",
    "MPLS",
    "Labels of prefixes",
    "IPv4",
    "IPv6",
)
def label_bindings(zebra: Any, prefix: Any = None) -> Any:
    """The labels that are bound to prefixes, or to one."""
    return shown.views.label_bindings(zebra, prefix.network if prefix is not None else None)


_TABLE = ("Show", "MPLS", "Switched paths")


@show(SHOW_ALLOTTED, "show mpls status", "Show", "MPLS", "Whether it is there")
def mpls_status(zebra: Any) -> str:
    """FRR takes it for there once an interface takes labelled packets."""
    if zebra.config.switched.enabled:
        return "MPLS support enabled: yes\n"
    return "MPLS support enabled: no (mpls kernel extensions not detected)\n"


@show(SHOW_ALLOTTED, "show mpls table [json$json]", *_TABLE, "As JSON")
def switched(zebra: Any) -> Any:
    """All switched paths."""
    return shown.views.switched(zebra)


@show(SHOW_ALLOTTED, "show mpls table (16-1048575)$label [json$json]", *_TABLE, "One", "As JSON")
def switched_label(zebra: Any, label: int) -> Any:
    """The switched paths of a label; nothing is said of one that has none."""
    found = shown.views.switched_label(zebra, label)
    return found if found.rows else Reply([])


@show(SHOW_ALLOTTED, "show mpls pseudowires", "Show", "MPLS", "Pseudowires")
def pseudowires(zebra: Any) -> Any:
    """All of them in a table."""
    return shown.views.pseudowires(zebra, detail=False)


@show(
    SHOW_ALLOTTED,
    "show mpls pseudowires detail [json$json]",
    "Show",
    "MPLS",
    "Pseudowires",
    "All there is to know",
    "As JSON",
)
def pseudowires_detail(zebra: Any) -> Any:
    """All of them."""
    return shown.views.pseudowires(zebra, detail=True)
