"""What `debug bgp updates out` and `debug bgp update-groups` write, in the words of FRR."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from bgp.rib.announced import Announced
from bgp.rib.member import Member
from bgp.rib.packing import ID_BITS, ID_MASK, label_told
from bgp.updatelog import WORDS, describe, mp_nexthop, safi_word
from bgp.wire.nlri import encode_prefix
from grammar.base.log import Level
from grammar.base.values import Address, Afi, Safi, key_text

if TYPE_CHECKING:
    from bgp.instance import Instance
    from bgp.rib.adjout import UpdateGroup

_TOPICS = ("updates out", "updates")
_PREFIXES = "updates prefix"
_ONE_IPV6 = 16
_ID, _LABEL = 4, 3
"""Bytes in front of a prefix."""


class GroupLog:
    """Log lines about what one update-group sends."""

    def __init__(self, instance: "Instance", group: "UpdateGroup") -> None:
        self._bgpd = instance.bgpd
        self._monitors = instance.monitors
        self._of = group
        self._group_id = group.id
        self._name = f"u{group.id}:s{group.id}"
        self._afi, self._safi = group.profile.family
        self._labeled = self._safi is Safi.LABELED_UNICAST
        classic = self._afi is Afi.IPV4 and self._safi is Safi.UNICAST
        self._reach = not classic or group.profile.multiprotocol
        """Its prefixes go into MP_REACH_NLRI."""

    @property
    def on(self) -> bool:
        """True while `debug bgp updates out` is in force for a member, or somebody looks on."""
        return bool(self._monitors) or self._logs

    @property
    def _logs(self) -> bool:
        config = self._bgpd.config
        if self._of.table.rule_keys is not None:
            return False
        if _PREFIXES in config.debugging:
            return True
        return self._everything

    @property
    def _everything(self) -> bool:
        config = self._bgpd.config
        if not any(topic in config.debugging for topic in _TOPICS):
            return False
        return any(
            config.debugs(topic, str(member)) for topic in _TOPICS for member in self._of.members
        )

    def _wanted(self, items: list[int]) -> list[int]:
        config = self._bgpd.config
        if self._everything:
            return items
        return [
            item
            for item in items
            if config.debugs(_PREFIXES, key_text(self._afi, self._key(item)[0]))
        ]

    def _write(self, ident: str, text: str) -> None:
        self._bgpd.log.write(Level.DEBUGGING, f"{self._name} {text}", ident)

    def announced(
        self,
        announced: Announced,
        keys: list[int],
        messages: list[bytes],
        hop: bytes,
        members: Sequence[Member],
    ) -> None:
        """UPDATEs of these prefixes are sent to these members with that next hop."""
        for monitor in self._monitors if messages else ():
            profile = self._of.profile
            with_ids = profile.paths is not None
            monitor.announced(members, profile.family, keys, with_ids, messages[0], profile.as4)
        if not self._logs:
            return
        everything = self._everything
        for message, part in self._parts(messages, keys):
            wanted = self._wanted(part)
            if wanted:
                self._write("TN0HX-6G1RR", f"send UPDATE w/ attr: {self._attributes(announced)}")
            if wanted and self._reach:
                family = f"{WORDS[self._afi]}/{safi_word(self._safi)}"
                self._write("H06SA-0JAPR", f"send MP_REACH for afi/safi {family}")
            for item in wanted:
                self._write("HVRWP-5R9NQ", f"send UPDATE {self._prefix(item, announced)}")
            if not everything:
                continue
            size, limit = len(message), self._of.max_packet
            text = f"send UPDATE len {size} (max message len: {limit}) numpfx {len(part)}"
            self._write("WEV7K-2GAQ5", text)
            for member in members:
                self._hop(member, hop)

    def _hop(self, member: Member, hop: bytes) -> None:
        if len(hop) > _ONE_IPV6:
            hops = f"{Address.unpack(hop[:16])}, {Address.unpack(hop[16:32])}"
            self._write("JJ5V1-EZ0XX", f"{member} send UPDATE w/ mp_nexthops {hops}")
            return
        word = "nexthop" if self._afi is Afi.IPV4 else "mp_nexthop"
        nexthop = Address.unpack(hop[:_ONE_IPV6])
        self._write("MBFVT-8GSC6", f"{member} send UPDATE w/ {word} {nexthop}")

    def withdrawn(self, keys: list[int], messages: list[bytes], members: Iterable[Member]) -> None:
        """These prefixes are withdrawn from these members."""
        for monitor in self._monitors:
            profile = self._of.profile
            monitor.unannounced(members, profile.family, keys, profile.paths is not None)
        if not self._logs:
            return
        for message, part in self._parts(messages, keys):
            for item in self._wanted(part):
                self._write("WHJ94-YXNE1", f"send UPDATE {self._prefix(item)} -- unreachable")
            if self._everything:
                text = f"send UPDATE (withdraw) len {len(message)} numpfx {len(part)}"
                self._write("G259R-NCBEJ", text)

    # --- debug bgp update-groups ---

    def _note(self, ident: str, text: str) -> None:
        if "update-groups" in self._bgpd.config.debugging:
            self._bgpd.log.write(Level.DEBUGGING, text, ident)

    def made(self) -> None:
        """The group is new."""
        self._note("JANKZ-VWB1H", f"create update group {self._group_id}")
        self._note("H27WP-RKYEA", f"create subgroup {self._name}")

    def joined(self, member: Member) -> None:
        """A member came."""
        self._note("J17A0-KD5QR", f"peer {member} added to subgroup s{self._group_id}")
        self._note("WRRRF-XQPX7", f"{self._name} add peer {member}")

    def left(self, member: Member) -> None:
        """A member went."""
        count = len(self._of.members)
        text = f"peer {member} deleted from subgroup s{self._group_id} peer cnt {count}"
        self._note("HJ5WV-GHWVE", text)

    def gone(self) -> None:
        """The group has no members any more."""
        self._note("SMH5H-KG5HW", f"delete subgroup {self._name}")
        self._note("Y0X84-XQSWJ", f"delete update group {self._group_id}")

    # --- debug bgp updates ---

    def repeated(self, member: Member) -> None:
        """A member is told everything again."""
        if not self._everything:
            return
        text = f"announcing routes to {member}, combined into 1 peers"
        self._write("WJC21-WPGZF", text)

    def _parts(self, messages: list[bytes], keys: list[int]) -> Iterator[tuple[bytes, list[int]]]:
        if not messages:
            return  # the attributes leave no room for a prefix
        # All but the prefixes takes the same bytes in each message.
        before = 0 if self._of.profile.paths is None else _ID
        before += _LABEL if self._labeled else 0
        sizes = [before + len(encode_prefix(self._key(item)[0], self._afi)) for item in keys]
        rest = (sum(map(len, messages)) - sum(sizes)) // len(messages)
        start = 0
        for message in messages:
            end, used = start, rest
            while end < len(keys) and used < len(message):
                used += sizes[end]
                end += 1
            yield message, keys[start:end]
            start = end

    def _key(self, item: int) -> tuple[int, int]:
        if self._of.profile.paths is None:
            return item, 0
        return item >> ID_BITS, item & ID_MASK

    def _prefix(self, item: int, announced: Announced | None = None) -> str:
        key, path_id = self._key(item)
        told = f" with addpath ID {path_id}" if path_id else ""
        if announced is not None and self._labeled:
            told = f" label {label_told(self._of.table, announced, key)}{told}"
        return f"{key_text(self._afi, key)}{told} {WORDS[self._afi]} {safi_word(self._safi)}"

    def _attributes(self, announced: Announced) -> str:
        # FRR has the next hop of an own route twice in IPv6, and as the next hop of an IPv4 route
        # that is no matter of NEXT_HOP it overwrites the origin.
        own, nothing = announced.local, Address(Afi.IPV6, 0)
        aggregate = own and announced.attrs.aggregator is not None
        hop = f"nexthop {announced.gateway or '0.0.0.0'}" if self._afi is Afi.IPV4 else ""
        mp_hop, origin = "", True
        if self._afi is Afi.IPV6:
            hop = "nexthop 0.0.0.0" if own else ""
            mp_hop = mp_nexthop(announced.gateway or nothing, announced.link_local or nothing)
        elif aggregate:
            mp_hop = mp_nexthop(nothing, None)
        else:
            origin = not own and self._safi is Safi.UNICAST
        local_pref = None if self._of.profile.external else announced.local_pref
        text = describe(announced.attrs, hop, mp_hop, local_pref, announced.med, origin=origin)
        index = announced.label if own and self._labeled else None
        return text if index is None else f"{text}, label-index {index}"
