"""What the log says of a kernel that refuses, or forgets, in FRR's words."""

import os
from typing import TYPE_CHECKING

from grammar.base.log import Level, Log
from zebra.kernel.api import Refused

if TYPE_CHECKING:
    from zebra.nexthop import Group
    from zebra.rib import Dest
    from zebra.vrf import Table

_NETLINK, _OBJECT, _SWITCH, _SYSTEM = 4043309093, 4043309074, 4043309108, 100663299
"""FRR's categories of errors."""
_KINDS = {
    16: "RTM_NEWLINK",
    20: "RTM_NEWADDR",
    21: "RTM_DELADDR",
    24: "RTM_NEWROUTE",
    25: "RTM_DELROUTE",
    28: "RTM_NEWNEIGH",
    29: "RTM_DELNEIGH",
    104: "RTM_NEWNEXTHOP",
    105: "RTM_DELNEXTHOP",
}


class Complaints:
    """Writes them."""

    def __init__(self, log: Log) -> None:
        self._log = log

    def refused(self, refused: Refused) -> None:
        """The kernel said no, and perhaps why."""
        if refused.reason:
            self._log.write(Level.ERRORS, f"Extended Error: {refused.reason}", "HSYZM-HV7HF")
        kind = f"{_KINDS.get(refused.kind, 'UNKNOWN')}({refused.kind})"
        text = f"netlink-dp (NS 0) error: {os.strerror(refused.error)}, type={kind}"
        text += f", seq={refused.sequence}, pid={refused.port}"
        self._log.write(Level.ERRORS, text, "WVJCK-PPMGD", _NETLINK)

    def route_refused(self, table: "Table", dest: "Dest") -> None:
        """A route is not in the kernel, and is shown as rejected."""
        where = f"{table.vrf.name}({table.vrf.id}:{table.id}):{table.prefix(dest)}"
        self._log.write(Level.WARNINGS, f"{where}: Route install failed", "VYKYC-709DP")

    def object_refused(self, group: "Group") -> None:
        """A next-hop object is not in the kernel, and so no route over it."""
        text = f"Failed to install Nexthop ({_object(group)}) into the kernel"
        self._log.write(Level.ERRORS, text, "X5XE1-RS0SW", _OBJECT)

    def switch_refused(self, label: int, *, removing: bool) -> None:
        """The kernel does not take what comes in with a label, or keeps it."""
        if removing:
            self._log.write(Level.WARNINGS, f"LSP Deletion Failure: in-label {label}")
            return
        text = f"LSP Install Failure: in-label {label}"
        self._log.write(Level.WARNINGS, text, "RYJ61-Q2T1D", _SWITCH)

    def labels_refused(self, error: OSError) -> None:
        """A link cannot be told of packets with labels."""
        text = f"netlink_put_intf_netconfig: Unable to open {error.filename} for writing"
        text += f": {error.strerror}({error.errno})"
        self._log.write(Level.ERRORS, text, "RJX7P-SZSYH", _SYSTEM)

    def overrun(self, namespace: str) -> None:
        """Events of the kernel found no room."""
        text = "events of the kernel were lost: comparing everything with its lists"
        self._log.write(Level.WARNINGS, f"{text} ({namespace})" if namespace else text)


def _object(group: "Group") -> str:
    if group.several:
        members = sorted(member.id for member in group.members())
        return f"{group.id}[{'/'.join(map(str, members))}]"
    if group.blackhole is not None:
        return f"{group.id}[blackhole]"
    parts = []
    for hop in group.leaves()[:1]:
        parts += [str(hop.gate)] if hop.gate is not None else []
        parts += [f"if {hop.ifindex}"] if hop.ifindex else []
    return f"{group.id}[{' '.join(parts)}]"
