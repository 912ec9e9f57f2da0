"""What `debug bgp updates out` writes, in FRR's words and with FRR's identifiers."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from bgp.rib.export import Announced
from bgp.rib.member import Member
from bgp.rib.packing import ID_BITS, ID_MASK
from bgp.wire.nlri import encode_prefix
from grammar.base.log import Level
from grammar.base.values import Address, Afi, key_text

if TYPE_CHECKING:
    from bgp.instance import Instance
    from bgp.rib.adjout import UpdateGroup

WORDS = {Afi.IPV4: "IPv4 unicast", Afi.IPV6: "IPv6 unicast"}


class GroupLog:
    """Log lines about what one update-group sends."""

    def __init__(self, instance: "Instance", group: "UpdateGroup") -> None:
        self._bgpd = instance.bgpd
        self._group = group
        self._name = f"u{group.id}:s{group.id}"
        self._afi = group.table.afi

    @property
    def on(self) -> bool:
        """True while `debug bgp updates out` is in force for a member."""
        config = self._bgpd.config
        if self._group.table.rule_keys is not None:
            return False
        topics = ("updates out", "updates")
        if not any(topic in config.debugging for topic in topics):
            return False
        return any(
            config.debugs(topic, str(member)) for topic in topics for member in self._group.members
        )

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
        nexthop = Address.unpack(hop[:16])
        for message, part in self._parts(messages, keys):
            self._write("TN0HX-6G1RR", f"send UPDATE w/ attr: {self._attributes(announced)}")
            for item in part:
                self._write("HVRWP-5R9NQ", f"send UPDATE {self._prefix(item)}")
            size, limit = len(message), self._group.max_packet
            text = f"send UPDATE len {size} (max message len: {limit}) numpfx {len(part)}"
            self._write("WEV7K-2GAQ5", text)
            for member in members:
                self._write("MBFVT-8GSC6", f"{member} send UPDATE w/ nexthop {nexthop}")

    def withdrawn(self, keys: list[int], messages: list[bytes]) -> None:
        """These prefixes are withdrawn."""
        for message, part in self._parts(messages, keys):
            for item in part:
                self._write("WHJ94-YXNE1", f"send UPDATE {self._prefix(item)} -- unreachable")
            text = f"send UPDATE (withdraw) len {len(message)} numpfx {len(part)}"
            self._write("G259R-NCBEJ", text)

    def repeated(self, member: Member) -> None:
        """A member is told everything again."""
        text = f"announcing routes to {member}, combined into 1 peers"
        self._write("WJC21-WPGZF", text)

    def _parts(self, messages: list[bytes], keys: list[int]) -> Iterator[tuple[bytes, list[int]]]:
        # All but the prefixes takes the same bytes in each message.
        with_id = 0 if self._group.profile.paths is None else 4
        sizes = [with_id + len(encode_prefix(self._key(item)[0], self._afi)) for item in keys]
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
        if self._group.profile.paths is None:
            return item, 0
        return item >> ID_BITS, item & ID_MASK

    def _prefix(self, item: int) -> str:
        key, path_id = self._key(item)
        told = f" with addpath ID {path_id}" if path_id else ""
        return f"{key_text(self._afi, key)}{told} {WORDS[self._afi]}"

    def _attributes(self, announced: Announced) -> str:
        nothing = "0.0.0.0" if self._afi is Afi.IPV4 else "::"
        parts = [f"nexthop {announced.gateway or nothing}"]
        if not announced.local:
            # FRR does not mark the origin of own routes as set.
            parts.append(f"origin {'ie?'[announced.attrs.origin]}")
        if announced.local_pref is not None and not self._group.profile.external:
            parts.append(f"localpref {announced.local_pref}")
        if announced.med is not None:
            parts.append(f"metric {announced.med}")
        return ", ".join(parts) + f", path {announced.attrs.as_path.text}"
