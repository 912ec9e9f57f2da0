"""Route flap dampening as JSON."""

from collections.abc import Iterator

from bgp.show.json.dispatch import json
from bgp.show.json.table import members, path_marks
from bgp.show.views.damped import AllParameters, Damping, DampingParameters, FlapPath, FlapsView
from grammar.output import jsonc
from grammar.output.time import peer_uptime


@json.register
def parameters_json(view: DampingParameters) -> Iterator[str]:
    """`show bgp dampening parameters json`."""
    values: dict[str, jsonc.Json] = {
        "halfLifeSecs": view.half_life,
        "reusePenalty": view.reuse,
        "suppressPenalty": view.suppress,
        "maxSuppressTimeSecs": view.longest,
        "maxSuppressPenalty": view.ceiling,
    }
    yield jsonc.pretty(values) + "\n"


@json.register
def all_parameters_json(all: AllParameters) -> Iterator[str]:
    """One behind the other."""
    for _, view in all.families:
        yield from json(view)


def duration(told: Damping) -> dict[str, jsonc.Json]:
    """Since when a path flaps, under the names of a session's age; how long it is held back."""
    values: dict[str, jsonc.Json] = {
        "peerUptime": peer_uptime(told.seconds),
        "peerUptimeMsec": told.seconds * 1000,
        "peerUptimeEstablishedEpoch": told.began,
    }
    if told.reuse is not None:
        values["reuseTimerMsecs"] = told.reuse * 1000
    return values


@json.register
def flaps_json(view: FlapsView) -> Iterator[str]:
    """`show bgp dampening flap-statistics json` and `dampened-paths json`."""
    yield from members(
        view.head,
        (
            None
            if row is None
            else f'"{row[0]}": [{",".join(_path(one, view.held) for one in row[1])}]'
            for row in view.rows
        ),
    )


def _path(one: FlapPath, held: bool) -> str:
    told, columns = one.damping, one.path.columns
    values: dict[str, jsonc.Json] = {}
    if held:
        values["reuseTimerMsecs"] = (told.reuse or 0) * 1000
    else:
        values["peerHost"] = columns.peer
        values["bdiFlap"] = told.count
        values.update(duration(told))
    values["asPath"] = columns.as_path
    values["origin"] = columns.origin
    if held:
        values["peerHost"] = columns.peer
    return f"{{{path_marks(one.path)},{jsonc.plain(values)[1:]}"
