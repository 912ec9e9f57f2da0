"""Brings the kernel's switched paths in line with the configured ones."""

from collections.abc import Iterator, Sequence

from zebra.complaints import Complaints
from zebra.config import ZebraConfig
from zebra.interface import Interfaces
from zebra.kernel.api import Kernel, RouteProtocol, SetSwitch, SwitchWay
from zebra.kernel.switches import PROTOCOL
from zebra.switching import IMPLICIT_NULL, Switch


class Switcher:
    """Tells the kernel of the labels that lines named; one without MPLS refuses them, as in FRR.

    `updates` and `errors` are what `show zebra dplane` counts.
    """

    def __init__(
        self, kernel: Kernel, config: ZebraConfig, interfaces: Interfaces, complaints: Complaints
    ) -> None:
        self._kernel = kernel
        self._paths = config.switched
        self._interfaces = interfaces
        self._complaints = complaints
        self._installed: set[int] = set()
        self.updates = self.errors = 0

    def configured(self) -> None:
        """Lines named labels: what the kernel has of them changes."""
        labels, self._paths.named = sorted(self._paths.named), set()
        self._tell([change for label in labels for change in self._change(label)])

    def remove_all(self) -> None:
        """Take out what the kernel has, at the end of the process."""
        self._tell([SetSwitch(label) for label in sorted(self._installed)])

    def _change(self, label: int) -> Iterator[SetSwitch]:
        ways = tuple(self._ways(label))
        if ways or label in self._installed:
            static = label in self._paths.paths or label not in self._paths.routed
            yield SetSwitch(label, ways, PROTOCOL if static else RouteProtocol.BGP)

    def _ways(self, label: int) -> Iterator[SwitchWay]:
        for switch in reversed(self._chosen(label)):  # the oldest first, as in FRR
            interface = self._interfaces.by_name.get(switch.interface)
            if interface is not None:
                out = tuple(one for one in switch.labels if one != IMPLICIT_NULL)
                yield SwitchWay(switch.gate, interface.ifindex, out)

    def _chosen(self, label: int) -> list[Switch]:
        return self._paths.paths.get(label) or self._paths.routed.get(label, [])

    def _tell(self, changes: list[SetSwitch]) -> None:
        if changes:
            self._kernel.program(changes, lambda errors: self._told(changes, errors))

    def _told(self, changes: list[SetSwitch], errors: Sequence[int]) -> None:
        for change, error in zip(changes, errors, strict=True):
            self.updates += 1
            if error:
                self.errors += 1
                self._complaints.switch_refused(change.label, removing=not change.ways)
            elif change.ways:
                self._installed.add(change.label)
            else:
                self._installed.discard(change.label)
