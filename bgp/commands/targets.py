"""Route distinguishers and route targets as lines of EVPN have them."""

from collections.abc import Callable, Iterator
from typing import Any

from bgp.evpnconfig import RouteTargets
from bgp.policy.communities import extended_value
from bgp.wire.distinguisher import distinguisher_text, parse_distinguisher
from grammar.base.errors import CommandError, Status
from grammar.command import Answer, Call, action
from grammar.scope import Scope, Values

NOT_HERE = "This command is only supported under EVPN VRF"
"""FRR's refusal of what needs `advertise-all-vni` in the same instance."""


def refused(text: str) -> CommandError:
    """A refusal with the status of a warning."""
    return CommandError(text, Status.WARNING)


def typed_distinguisher(text: str) -> bytes:
    """The bytes of a distinguisher, or FRR's refusal."""
    found = parse_distinguisher(text)
    if found is None:
        raise refused("% Malformed Route Distinguisher")
    return found


def typed_target(text: str) -> str:
    """A route target as it prints, or FRR's refusal."""
    if extended_value("rt", text) is None:
        raise refused("% Malformed Route Target list")
    administrator, _, number = text.rpartition(":")
    if "." not in administrator:
        administrator = str(int(administrator))
    return f"{administrator}:{int(number)}"


def distinguisher(scope: Scope, where: str, check: Callable[[Call], None], bare: bool) -> None:
    """`rd` of an object with a field `rd`; `bare`: `no rd` needs no value."""

    def run(call: Call) -> Answer:
        check(call)
        target, typed = call.target(), call.values.get("rd")
        value = None if typed is None else typed_distinguisher(typed)
        if not call.negated:
            target.rd = value
            return None
        if target.rd is None:
            raise refused(f"% RD is not configured for this {where}")
        if value not in (None, target.rd):
            raise refused(f"% RD specified does not match configuration for this {where}")
        target.rd = None
        return None

    def lines(target: Any, names: Values) -> list[str]:
        return [] if target.rd is None else [f"rd {distinguisher_text(target.rd)}"]

    action(
        scope,
        "rd ![ASN:NN_OR_IP-ADDRESS:NN$rd]" if bare else "rd ASN:NN_OR_IP-ADDRESS:NN$rd",
        "Route distinguisher",
        "As AS number or address, and a number",
        negatable=True,
        printer=lines,
    )(run)


_SIDES = {"both": ("import", "export"), "import": ("import",), "export": ("export",)}


def _forget(targets: RouteTargets, sides: tuple[str, ...], typed: str | None, where: str) -> None:
    if not any(map(targets.of, sides)):
        words = "/".join(side.capitalize() for side in sides)
        raise refused(f"% {words} RT is not configured for this {where}")
    if typed is None:
        for side in sides:
            targets.of(side).clear()
        return
    value = typed_target(typed)
    if not any(value in targets.of(side) for side in sides):
        raise refused(f"% RT specified does not match configuration for this {where}")
    for side in sides:
        targets.of(side).discard(value)


def route_targets(scope: Scope, where: str, check: Callable[[Call], None], bare: bool) -> None:
    """`route-target` of an object with `targets`; `bare`: `no` of one side needs no value."""

    def run(call: Call) -> None:
        check(call)
        targets, sides = call.target().targets, _SIDES[call.values["direction"]]
        if call.negated:
            _forget(targets, sides, call.values["rt"], where)
            return
        value = typed_target(call.values["rt"])
        for side in sides:
            targets.of(side).add(value)

    def forget_all(call: Call) -> None:
        check(call)
        _forget(call.target().targets, (call.values["direction"],), None, where)

    def lines(target: Any, names: Values) -> Iterator[str]:
        for side in ("import", "export"):
            for value in sorted(target.targets.of(side)):
                yield f"route-target {side} {value}"

    help = ("Route target", "Of both", "Of what is taken", "Of what is announced")
    action(
        scope,
        "route-target <both|import|export>$direction RT$rt",
        *help,
        "As AS number or address, and a number",
        negatable=True,
        printer=lines,
    )(run)
    if bare:
        action(
            scope,
            "no route-target <import|export>$direction",
            "Take a line back",
            help[0],
            *help[2:],
        )(forget_all)
