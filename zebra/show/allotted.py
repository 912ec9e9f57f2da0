"""SRv6 locators, labels of prefixes and pseudowires as FRR's text and JSON."""

from collections.abc import Iterable, Iterator
from typing import Any

from grammar.base.values import Afi
from grammar.output.jsonc import Json, pretty
from zebra.config import PseudowireConfig
from zebra.show import views
from zebra.switching import Switch
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


_HEADINGS = ("Inbound Label", "Type", "Nexthop", "Outbound Label")


def _sent(switch: Switch) -> str:
    """The label that goes out, as the table names it."""
    if switch.below:
        return "/".join(map(str, switch.labels))
    if switch.words == "explicit-null":
        return f"{'IPv4' if switch.gate.afi is Afi.IPV4 else 'IPv6'} Explicit Null"
    return switch.words


def _switched_text(view: views.SwitchedTable) -> Iterator[str]:
    if not view.rows:
        return
    cells = [_HEADINGS, *((str(i), s.kind, str(s.gate), _sent(s)) for i, s in view.rows)]
    widths = [max(map(len, column)) + 2 for column in zip(*cells, strict=True)]
    lines = [" " + "".join(map(str.ljust, row, widths)) + "\n" for row in cells]
    yield from (lines[0], f" {'-' * sum(widths)}\n", *lines[1:], "\n")


def _label_text(view: views.SwitchedLabel) -> Iterator[str]:
    yield f"Local label: {view.label}\n"
    for switch in view.rows:
        dev = f" dev {switch.interface}" if switch.interface else ""
        labels = "/".join(map(str, switch.labels))
        yield f" type: {switch.kind} remote label: {labels} distance: {switch.distance}\n"
        yield f"  via {switch.gate}{dev}\n"


def _path_json(label: int, switches: Iterable[Switch]) -> dict[str, Json]:
    hops: list[Json] = []
    for switch in switches:
        hop: dict[str, Json] = {
            "type": switch.kind,
            "outLabel": switch.label,
            "outLabelStack": list(switch.labels),
            "distance": switch.distance,
            "nexthop": str(switch.gate),
        }
        if switch.interface and switch.gate.afi is Afi.IPV6:
            hop["interface"] = switch.interface
        hops.append(hop)
    return {"inLabel": label, "nexthops": hops}


def _switched_json(view: views.SwitchedTable) -> Iterator[str]:
    by_label: dict[int, list[Switch]] = {}
    for label, switch in view.rows:
        by_label.setdefault(label, []).append(switch)
    found: dict[str, Json] = {str(key): _path_json(key, hops) for key, hops in by_label.items()}
    yield pretty(found) + "\n"


def _label_json(view: views.SwitchedLabel) -> Iterator[str]:
    yield pretty(_path_json(view.label, view.rows)) + "\n"


def _bindings_text(view: views.LabelBindings) -> Iterator[str]:
    for prefix, label, clients in view.rows:
        yield f"{prefix}\n" + (f"  Label: {label}\n" if label is not None else "")
        if clients:
            yield f"  Client list: {' '.join(clients)}\n"


def _parts(config: PseudowireConfig) -> tuple[str, int | str, int | str]:
    local, remote = config.labels if config.labels is not None else ("-", "-")
    return str(config.neighbor or "-"), local, remote


def _pseudowires_text(view: views.PseudowireList) -> Iterator[str]:
    if not view.detail:
        yield "Interface        Neighbor                 Labels       Protocol Status    \n"
    for name, config in view.rows:
        neighbor, local, remote = _parts(config)
        if view.detail:
            yield f"Interface: {name}\n  Neighbor: {neighbor}\n  Local Label: {local}\n"
            yield f"  Remote Label: {remote}\n  Protocol: static\n  Status: Down \n"
        else:
            labels = f"{local}/{remote}" if config.labels is not None else "-"
            yield f"{name:<16} {neighbor:<24} {labels:<12} {'static':<8} {'DOWN':<10}\n"


def _pseudowires_json(view: views.PseudowireList) -> Iterator[str]:
    rows: list[Json] = []
    for name, config in view.rows:
        neighbor, local, remote = _parts(config)
        rows.append(
            {
                "interface": name,
                "neighbor": neighbor,
                "localLabel": local,
                "remoteLabel": remote,
                "protocol": "static",
                "Status": "Down",
                "nexthops": [],
            }
        )
    yield pretty({"pw": rows}) + "\n"


def register(text: Any, json: Any) -> None:
    """Add these renderers to the dispatchers, either of which may be None."""
    if text is not None:
        text.register(views.LocatorList, _list_text)
        text.register(views.LocatorDetail, _detail_text)
        text.register(views.LabelBindings, _bindings_text)
        text.register(views.SwitchedTable, _switched_text)
        text.register(views.SwitchedLabel, _label_text)
        text.register(views.PseudowireList, _pseudowires_text)
    if json is not None:
        json.register(views.LocatorList, _list_json)
        json.register(views.LocatorDetail, _detail_json)
        json.register(views.PseudowireList, _pseudowires_json)
        json.register(views.SwitchedTable, _switched_json)
        json.register(views.SwitchedLabel, _label_json)
