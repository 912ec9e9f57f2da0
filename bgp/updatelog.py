"""What `debug bgp updates` writes of the UPDATEs that come, in FRR's words and with FRR's
identifiers: all of a neighbor's (`in`), or what they say of some prefixes (`prefix P`)."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from bgp.attrs import AttrSet, Decoded
from bgp.config import Family
from bgp.labels import PREFIX_SID, index_told
from bgp.policy.extended import extended_text
from bgp.policy.lists import communities_text, large_text
from bgp.rib.content import same_content
from bgp.rib.path import Path, paths_of
from bgp.rib.rulekeys import rule_of
from grammar.base.log import Level
from grammar.base.values import Address, Afi, Safi, address_text, key_text

if TYPE_CHECKING:
    from bgp.peer import Peer

WORDS = {Afi.IPV4: "IPv4", Afi.IPV6: "IPv6"}
_PREFIXES = "updates prefix"


class UpdateLog:
    """Log lines about what one peer sends; asked only while `Peer.debug_updates_in`."""

    def __init__(self, peer: "Peer") -> None:
        self._peer = peer
        self._log = peer.instance.bgpd.log
        self._attrs: AttrSet | None = None
        """Those of the UPDATE at hand while they are not written yet."""
        self._told = ""

    @property
    def _everything(self) -> bool:
        return self._peer.debugs("updates in") or self._peer.debugs("updates")

    def _write(self, ident: str, text: str) -> None:
        self._log.write(Level.DEBUGGING, f"{self._peer.title} {text}", ident)

    def lengths(self, withdrawn: bytes, raw: bytes, nlri: bytes) -> None:
        """The sizes of an UPDATE's parts."""
        if self._everything:
            text = f"rcvd UPDATE wlen {len(withdrawn)} attrlen {len(raw)} alen {len(nlri)}"
            self._write("PCFFM-WMARW", text)

    def attributes(self, decoded: Decoded) -> None:
        """Its attributes: at once, or with the first prefix that is wanted."""
        attrs, reach = decoded.attrs, decoded.mp_reach
        if attrs is None:
            return
        hop, mp_hop, origin = "", "", True
        if reach is None:
            hop = "" if attrs.nexthop is None else f"nexthop {attrs.nexthop}"
        elif reach.nexthop is not None and reach.nexthop.afi is Afi.IPV4:
            # FRR writes it over the origin.
            hop, origin = f"nexthop {reach.nexthop}", False
        else:
            mp_hop = mp_nexthop(reach.nexthop, reach.link_local)
        text = describe(attrs, hop, mp_hop, attrs.local_pref, attrs.med, origin=origin)
        self._told = f"rcvd UPDATE w/ attr: {text}"
        self._attrs = None
        if self._everything:
            self._write("T5AAP-5GA85", self._told)
        else:
            self._attrs = attrs

    def _wanted(self, family: Family, keys: Iterable[int]) -> list[int]:
        if self._everything:
            return list(keys)
        config = self._peer.instance.bgpd.config
        if _PREFIXES not in config.debugging or family[1] is Safi.FLOWSPEC:
            return []
        return [key for key in keys if config.debugs(_PREFIXES, key_text(family[0], key))]

    def withdrawn(self, family: Family, keys: Iterable[int], path_id: int) -> None:
        """Prefixes that the peer takes back."""
        table = self._peer.instance.tables[family]
        for key in self._wanted(family, keys):
            where = _where(family, key, path_id)
            self._write("PAPP6-VDAWM", f"rcvd UPDATE about {where} -- withdrawn")
            if not any(path.source is self._peer for path in paths_of(table.get(key))):
                text = f"{self._peer} Can't find the route {where}"
                self._log.write(Level.DEBUGGING, text, "PC71A-4RFD8")

    def prefixes(self, path: Path, family: Family, keys: list[int], refusal: str | None) -> None:
        """Prefixes that it announces, and what becomes of them."""
        table = self._peer.instance.tables[family]
        for key in self._wanted(family, keys):
            if self._attrs is not None:
                self._attrs = None
                self._write("XXWBM-V772F", self._told)
            where = _where(family, key, path.path_id)
            if refusal is not None:
                text = f"rcvd UPDATE about {where} -- DENIED due to: {refusal}"
                self._write("RZMGQ-A03CG", text)
            elif any(same_content(old, path) for old in paths_of(table.get(key))):
                self._write("NJYMB-R5FFH", f"rcvd {where}...duplicate ignored")
            else:
                self._write("YCKEM-GB33T", f"rcvd {where}")


def _where(family: Family, key: int, path_id: int) -> str:
    told = f" with addpath ID {path_id}" if path_id else ""
    if family[1] is Safi.FLOWSPEC:
        return f"{rule_of(key).hex()}{told} {WORDS[family[0]]} flowspec"
    # FRR has labeled routes with the unicast ones by then.
    safi = Safi.UNICAST if family[1] is Safi.LABELED_UNICAST else family[1]
    return f"{key_text(family[0], key)}{told} {WORDS[family[0]]} {safi_word(safi)}"


def safi_word(safi: Safi) -> str:
    """A kind of routes as debug lines name it."""
    return safi.name.lower().replace("_", "-")


def mp_nexthop(gateway: Address | None, link_local: Address | None) -> str:
    """The next hop of MP_REACH_NLRI as FRR's debug lines have it."""
    hop = gateway or Address(Afi.IPV6, 0)
    return f"mp_nexthop {hop}" + (f"({link_local})" if link_local is not None else "")


def describe(
    attrs: AttrSet,
    hop: str,
    mp_hop: str,
    local_pref: int | None,
    med: int | None,
    *,
    origin: bool = True,
) -> str:
    """Attributes in the words of FRR's debug lines.

    `hop` and `mp_hop` are about the next hop, in front of the origin (FRR leaves the comma there
    when it is empty) and behind. `local_pref` and `med` are told in place of those of the set;
    `origin` says whether it is.
    """
    parts = [hop]
    if origin:
        parts.append(f"origin {'ie?'[attrs.origin]}")
    if mp_hop:
        parts.append(mp_hop)
    if local_pref is not None:
        parts.append(f"localpref {local_pref}")
    if med is not None:
        parts.append(f"metric {med}")
    parts += _further(attrs)
    parts.append(f"path {attrs.as_path.text}")
    for _, code, data in attrs.unknown:
        index = index_told(data) if code == PREFIX_SID else None
        if index is not None:
            parts.append(f"label-index {index}")
    return ", ".join(parts)


def _further(attrs: AttrSet) -> list[str]:
    parts = []
    if attrs.communities:
        parts.append(f"community {communities_text(attrs.communities)}")
    if attrs.large_communities:
        parts.append(f"large-community {large_text(attrs.large_communities)}")
    if attrs.ext_communities:
        texts = map(extended_text, attrs.ext_communities)
        parts.append(f"extcommunity {' '.join(texts)}")
    if attrs.atomic:
        parts.append("atomic-aggregate")
    if attrs.aggregator is not None:
        asn, address = attrs.aggregator
        parts.append(f"aggregated by {asn} {address_text(Afi.IPV4, address)}")
    if attrs.originator_id is not None:
        parts.append(f"originator {address_text(Afi.IPV4, attrs.originator_id)}")
    if attrs.cluster_list:
        clusters = " ".join(address_text(Afi.IPV4, each) for each in attrs.cluster_list)
        parts.append(f"clusterlist {clusters}")
    return parts
