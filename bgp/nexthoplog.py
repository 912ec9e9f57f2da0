"""What `debug bgp nht` writes, in FRR's words and with FRR's identifiers."""

from typing import TYPE_CHECKING

from bgp.rib.nexthop import Nexthop
from grammar.base.log import Level
from grammar.base.values import Prefix
from zebra.zapi.messages import Nexthop as Hop
from zebra.zapi.messages import NexthopType, NexthopUpdate, NexthopWatch, RouteType

if TYPE_CHECKING:
    from bgp.instance import Instance

IMPORT_FLAGS = "Reg Static Static Exact "


class NexthopLog:
    """Log lines about next-hop tracking and import checks of one instance.

    FRR prints addresses of its structures; `peer 0x0` stands for them.
    """

    def __init__(self, instance: "Instance") -> None:
        self._bgpd = instance.bgpd
        self._vrf = f"VRF {instance.vrf or 'default'}"
        self._instance = instance

    @property
    def on(self) -> bool:
        """True while `debug bgp nht` is in force."""
        return self._bgpd.config.debugs("nht")

    def _write(self, ident: str, text: str) -> None:
        self._bgpd.log.write(Level.DEBUGGING, text, ident)

    def watched(self, watch: NexthopWatch, registered: bool) -> None:
        """A prefix is watched from now on, or no longer."""
        if not self.on and "zebra" not in self._bgpd.config.debugging:
            return
        if registered and self.on:
            self._write("W3X54-30BTE", f"Allocated bnc {self._of(watch.prefix)} peer 0x0")
        command = "ZEBRA_NEXTHOP_REGISTER" if registered else "ZEBRA_NEXTHOP_UNREGISTER"
        text = f"sendmsg_zebra_rnh: sending cmd {command} for {watch.prefix} (vrf {self._vrf})"
        self._write("HXW3G-K1M2A", text)

    def used(self, nexthop: Nexthop) -> None:
        """A path or a neighbour asks for a next hop that is watched already."""
        if self.on and nexthop.answered:
            flags = nexthop.valid | 2 | nexthop.connected << 2 | bool(nexthop.peers) << 3
            where = f"{nexthop.address.host_prefix()}(0)({self._vrf})"
            text = (
                f"Found existing bnc {where} flags {flags:#x} ifindex {nexthop.ifindex} "
                f"#paths {nexthop.paths} peer 0x0"
            )
            self._write("WNKP5-SN018", text)

    def nexthop(self, nexthop: Nexthop | None, update: NexthopUpdate) -> None:
        """zebra's answer is about to be taken; `nexthop` is the one that it is about."""
        if not self.on:
            return
        if nexthop is None:
            self._not_found("VZJVD-D7GXM", "nexthop cache", update)
            return
        flags = _flags(nexthop)
        nhops, metric = len(update.nexthops), update.metric
        before = (nexthop.metric, len(nexthop.hops))
        self._received(update, before, flags.removeprefix("Valid "))
        valid = bool(nhops) and (not nexthop.connected or update.type == RouteType.CONNECTED)
        changed = "Changed " if update.nexthops != nexthop.hops else ""
        if metric != nexthop.metric:
            changed += "Metric "
        after = ("Valid " if valid else "") + flags.removeprefix("Valid ")
        self._evaluate(nexthop.address.host_prefix(), after, changed)
        if nexthop.peers:
            text = (
                f"evaluate_paths: Updating peer ({nexthop.peers[0]}({self._vrf})) "
                f"status with NHT nexthops {nhops if valid else 0}"
            )
            self._write("MZNH7-XJV7F", text)

    def import_check(self, update: NexthopUpdate, before: NexthopUpdate | None) -> None:
        """zebra's answer about a `network` line."""
        if not self.on:
            return
        old = (0, 0) if before is None else (before.metric, len(before.nexthops))
        self._received(update, old, IMPORT_FLAGS)
        there = update.reachable and update.resolved == update.asked
        if not there or update.type == RouteType.BGP:
            text = (
                "bgp_process_nexthop_update: Import Check does not resolve to the same prefix "
                f"for {update.asked} received {update.resolved} or matching route is BGP"
            )
            self._write("W0G5T-VB2C9", text)
        self._evaluate(update.asked, ("Valid " if there else "") + IMPORT_FLAGS, "Changed ")

    def no_import_check(self, update: NexthopUpdate) -> None:
        """No `network` line waits for this answer."""
        if self.on:
            self._not_found("G0V2R-JTRQK", "import check", update)

    def _not_found(self, ident: str, what: str, update: NexthopUpdate) -> None:
        where = f"{update.resolved}(0)({self._vrf})"
        self._write(ident, f"parse nexthop update({where}): bnc info not found for {what}")

    def _received(self, update: NexthopUpdate, before: tuple[int, int], flags: str) -> None:
        text = (
            f"{self._vrf}({self._instance.vrf_id}): Rcvd NH update {update.resolved}(0)0) - "
            f"metric {update.metric}/{before[0]} #nhops {len(update.nexthops)}/{before[1]} "
            f"flags {flags}"
        )
        self._write("K0WB7-QW9PS", text)
        for hop in update.nexthops:
            self._write("HJ3XJ-8EHF0", f"    nhop via {_way(hop)} ({len(hop.labels)} labels)")

    def _evaluate(self, prefix: Prefix, flags: str, changed: str) -> None:
        text = f"NH update for {self._of(prefix)} - flags {flags} chgflags {changed}"
        self._write("K7JBS-J1T3G", f"{text}- evaluate paths")

    def _of(self, prefix: Prefix) -> str:
        return f"{prefix}(0)(0)({self._vrf})"


def _flags(nexthop: Nexthop) -> str:
    valid = "Valid " if nexthop.valid else ""
    return f"{valid}Reg Conn " if nexthop.connected else f"{valid}Reg "


def _way(hop: Hop) -> str:
    if hop.type is NexthopType.BLACKHOLE:
        return "blackhole"
    return f"if {hop.ifindex}" if hop.gate is None else f"{hop.gate} if {hop.ifindex}"
