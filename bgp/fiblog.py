"""What debugging says of routes on their way to zebra (`debug bgp zebra`)."""

from dataclasses import replace

from grammar.base.log import Level, Log
from grammar.base.values import Prefix
from zebra.zapi.messages import Route, RouteFlag


def log_said(log: Log, vrf: int, add: bool, route: Route, prefix: Prefix) -> None:
    """A route was sent, or taken back."""
    if add:
        _log_add(log, vrf, replace(route, prefix=prefix))
    else:
        text = f"Tx route delete VRF {vrf} {prefix}"
        log.write(Level.DEBUGGING, text, "G7K80-KF0HM")


def _log_add(log: Log, vrf: int, route: Route) -> None:
    if not any(hop.labels for hop in route.nexthops):
        text = f"bgp_zebra_announce: p={route.prefix}, extra is NULL, no label"
        log.write(Level.DEBUGGING, text, "KR6T7-EW7AS")
    text = (
        f"Tx route add VRF {vrf} {route.prefix} metric {route.metric} "
        f"tag {route.tag or 0} "
        f"count {len(route.nexthops)} nhg 0"
    )
    log.write(Level.DEBUGGING, text, "V15FP-4CPVK")
    for number, hop in enumerate(route.nexthops, 1):
        gate = "blackhole" if hop.gate is None else hop.gate
        text = f"  nhop [{number}]: {gate} if {hop.ifindex} VRF {hop.vrf} wt {hop.weight}   "
        log.write(Level.DEBUGGING, text, "JQXM8-V0CKB")
    own = route.nexthops[0].gate is None
    recursion = "set" if own or route.flags & RouteFlag.ALLOW_RECURSION else "NOT set"
    text = f"bgp_zebra_announce: {route.prefix}: announcing to zebra (recursion {recursion})"
    log.write(Level.DEBUGGING, text, "JMVGR-VQ1M1")
