"""What hardware beneath the kernel does with routes, as the kernel tells it."""

from zebra.kernel.api import KernelRoute
from zebra.kernel.kinds import RTM_F_OFFLOAD, RTM_F_OFFLOAD_FAILED, RTM_F_TRAP
from zebra.zapi.constants import RouteFlag

OFFLOADS = RouteFlag.TRAPPED | RouteFlag.OFFLOADED | RouteFlag.OFFLOAD_FAILED
"""What is known of a route in hardware."""
_HARDWARE = (
    (RTM_F_TRAP, RouteFlag.TRAPPED),
    (RTM_F_OFFLOAD, RouteFlag.OFFLOADED),
    (RTM_F_OFFLOAD_FAILED, RouteFlag.OFFLOAD_FAILED),
)


def offloads(route: KernelRoute) -> int:
    """What hardware does with a route, as flags of ZAPI."""
    return sum(int(flag) for bit, flag in _HARDWARE if route.offload & bit)
