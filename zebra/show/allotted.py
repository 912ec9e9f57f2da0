"""SRv6 locators as FRR's text and JSON."""

from collections.abc import Iterator
from typing import Any

from grammar.output.jsonc import Json, pretty
from zebra.show import views
from zebra.zapi.constants import RouteType

_HEAD = """\
Locator:
Name                 ID      Prefix                   Status
-------------------- ------- ------------------------ -------
"""


def _owner(row: views.LocatorRow) -> RouteType:
    return row.loan.owner[0] if row.loan.owner is not None else RouteType.SYSTEM


def _list_text(view: views.LocatorList) -> Iterator[str]:
    yield _HEAD
    for number, row in enumerate(view.rows, 1):
        yield f"{row.name:<20} {number:7} {row.prefix!s:<24} Up\n"
    yield "\n"


def _detail_text(view: views.LocatorDetail) -> Iterator[str]:
    row = view.row
    yield f"Name: {row.name}\nPrefix: {row.prefix}\nFunction-Bit-Len: {row.function_bits}\n"
    yield f"Chunks:\n- prefix: {row.loan.prefix}, owner: {_owner(row).word}\n"


def _list_json(view: views.LocatorList) -> Iterator[str]:
    rows: list[Json] = [
        {
            "name": row.name,
            "prefix": str(row.prefix),
            "functionBitsLength": row.function_bits,
            "statusUp": True,
            "chunks": [{"prefix": str(row.loan.prefix), "proto": _owner(row).word}],
        }
        for row in view.rows
    ]
    yield pretty({"locators": rows}) + "\n"


def _detail_json(view: views.LocatorDetail) -> Iterator[str]:
    row = view.row
    owner = row.loan.owner
    chunk: dict[str, Json] = {
        "prefix": str(row.loan.prefix),
        "blockBitsLength": 0,
        "nodeBitsLength": 0,
        "functionBitsLength": 0,
        "argumentBitsLength": 0,
        "keep": 0,
        "proto": _owner(row).word,
        "instance": owner[1] if owner is not None else 0,
        "sessionId": owner[2] if owner is not None else 0,
    }
    out: dict[str, Json] = {
        "name": row.name,
        "prefix": str(row.prefix),
        "blockBitsLength": row.block_bits,
        "nodeBitsLength": 24,
        "functionBitsLength": row.function_bits,
        "argumentBitsLength": 0,
        "algoNum": 0,
        "statusUp": True,
        "chunks": [chunk],
    }
    yield pretty(out) + "\n"


def register(text: Any, json: Any) -> None:
    """Add these renderers to the dispatchers, either of which may be None."""
    if text is not None:
        text.register(views.LocatorList, _list_text)
        text.register(views.LocatorDetail, _detail_text)
    if json is not None:
        json.register(views.LocatorList, _list_json)
        json.register(views.LocatorDetail, _detail_json)
