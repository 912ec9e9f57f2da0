"""Route flap dampening as text."""

from collections.abc import Iterator

from bgp.show.text.dispatch import text
from bgp.show.text.table import marks, table_head
from bgp.show.views.damped import AllParameters, DampingParameters, FlapPath, FlapsView
from grammar.output.time import peer_uptime, route_uptime

_FLAPS = "   Network          From            Flaps Duration Reuse    Path\n"
_HELD = "   Network          From             Reuse    Path\n"
_NETWORK = 17


@text.register
def parameters_text(view: DampingParameters) -> Iterator[str]:
    """`show bgp dampening parameters`."""
    yield (
        f"Half-life time: {view.half_life // 60} min\n"
        f"Reuse penalty: {view.reuse}\n"
        f"Suppress penalty: {view.suppress}\n"
        f"Max suppress time: {view.longest // 60} min\n"
        f"Max suppress penalty: {view.ceiling}\n\n"
    )


@text.register
def all_parameters_text(all: AllParameters) -> Iterator[str]:
    """One behind the other."""
    for name, view in all.families:
        yield f"\nFor address family: {name}\n"
        yield "\n" if all.spaced else ""
        yield from text(view)


@text.register
def flaps_text(view: FlapsView) -> Iterator[str]:
    """`show bgp dampening flap-statistics` and `dampened-paths`."""
    count = 0
    for row in view.rows:
        if row is None:
            yield ""
            continue
        count += 1
        if count == 1:
            above, _, _ = table_head(view.head).partition("   Network")
            yield above + (_HELD if view.held else _FLAPS)
        yield _prefix(row[0], row[1], view.held)
    if count:
        yield f"\nDisplayed  {count} routes and {view.total()} total paths\n"


def _prefix(prefix: str, paths: tuple[FlapPath, ...], held: bool) -> str:
    network = prefix.ljust(_NETWORK)
    if len(prefix) >= _NETWORK:
        network = f"{prefix}\n{'':20}"
    chunk = ""
    for one in paths:
        chunk += marks(one.path) + network + (_held(one) if held else _flapped(one))
        network = " " * _NETWORK
    return chunk


def _from(one: FlapPath, width: int) -> str:
    name = one.path.columns.peer
    return name.ljust(width) if len(name) < width else f"{name}\n{'':{width + 17}}"


def _path(one: FlapPath) -> str:
    columns = one.path.columns
    return f"{columns.as_path} {columns.origin}\n" if columns.as_path else f"{columns.origin}\n"


def _held(one: FlapPath) -> str:
    return f"{_from(one, 17)}{route_uptime(one.damping.reuse or 0)} {_path(one)}"


def _flapped(one: FlapPath) -> str:
    told = one.damping
    reuse = "" if told.reuse is None else route_uptime(told.reuse)
    duration = peer_uptime(told.seconds)
    return f"{_from(one, 16)}{told.count:<4} {duration} {reuse:8} {_path(one)}"
