"""Router solicitations and advertisements as bytes (RFC 4861 sec. 4.1, 4.2, 4.6).

The checksum is left to the kernel, which knows the addresses it covers.
"""

from struct import pack
from typing import Final

from grammar.base.values import Address, Prefix
from zebra.config import AdvertConfig, AdvertisedPrefix

SOLICITATION: Final = 133
ADVERTISEMENT: Final = 134

MANAGED, OTHER, HOME_AGENT = 0x80, 0x40, 0x20
_PREFERENCES: Final = {"high": 0x08, "medium": 0x00, "low": 0x18}

_LINK_ADDRESS, _PREFIX, _MTU = 1, 3, 5
_INTERVAL, _HOME_AGENT = 7, 8
_SERVER, _DOMAINS = 25, 31

LIFETIME_INTERVALS: Final = 3
"""A router counts for this many intervals unless a line says otherwise (RFC 4861 sec. 6.2.1)."""


def lifetime(config: AdvertConfig, interval: int) -> int:
    """Seconds that hosts may use this router; `interval` is in milliseconds."""
    if config.lifetime is not None:
        return config.lifetime
    return LIFETIME_INTERVALS * interval // 1000


def encode(
    config: AdvertConfig,
    interval: int,
    link_address: bytes,
    prefixes: dict[Prefix, AdvertisedPrefix],
    *,
    ceasing: bool = False,
) -> bytes:
    """One advertisement, its options in FRR's order; `ceasing` is the last one (lifetime 0)."""
    seconds = 0 if ceasing else lifetime(config, interval)
    parts = [
        pack(
            "!BBHBBHII",
            ADVERTISEMENT,
            0,
            0,
            config.hop_limit,
            _flags(config),
            seconds,
            config.reachable,
            config.retransmit,
        )
    ]
    if config.home_agent and (config.agent_preference or config.agent_lifetime is not None):
        agent = seconds if config.agent_lifetime is None else config.agent_lifetime
        parts.append(pack("!BBHHH", _HOME_AGENT, 1, 0, config.agent_preference, agent))
    if config.interval_option:
        parts.append(pack("!BBHI", _INTERVAL, 1, 0, interval))
    parts += [_prefix(prefix, prefixes[prefix]) for prefix in sorted(prefixes, key=prefix_order)]
    if any(link_address):
        parts.append(_filled(_LINK_ADDRESS, link_address))
    if config.mtu:
        parts.append(pack("!BBHI", _MTU, 1, 0, config.mtu))
    parts += _names(config, LIFETIME_INTERVALS * interval // 1000)
    return b"".join(parts)


def prefix_order(prefix: Prefix) -> tuple[int, int]:
    """The sort key of advertised prefixes."""
    return prefix.length, prefix.value


def _flags(config: AdvertConfig) -> int:
    flags = _PREFERENCES[config.preference]
    for wanted, bit in (
        (config.managed, MANAGED),
        (config.other, OTHER),
        (config.home_agent, HOME_AGENT),
    ):
        flags |= bit if wanted else 0
    return flags


def _prefix(prefix: Prefix, what: AdvertisedPrefix) -> bytes:
    flags = 0x80 * what.on_link | 0x40 * what.autonomous | 0x20 * what.router_address
    head = pack("!BBBBIII", _PREFIX, 4, prefix.length, flags, what.valid, what.preferred, 0)
    return head + prefix.address.pack()


def _names(config: AdvertConfig, default: int) -> list[bytes]:
    """Name servers and search domains (RFC 8106), an option for each."""
    parts = []
    for server, seconds in config.servers.items():
        head = pack("!BBHI", _SERVER, 3, 0, default if seconds is None else seconds)
        parts.append(head + server.pack())
    for domain, seconds in config.domains.items():
        labels = b"".join(
            len(label).to_bytes(1, "big") + label for label in domain.encode().split(b".")
        )
        body = pack("!HI", 0, default if seconds is None else seconds) + labels + b"\0"
        parts.append(_filled(_DOMAINS, body))
    return parts


def _filled(kind: int, body: bytes) -> bytes:
    size = -(-(2 + len(body)) // 8)
    return (pack("!BB", kind, size) + body).ljust(size * 8, b"\0")


def is_valid(data: bytes, hop_limit: int, source: Address) -> bool:
    """Whether an advertisement is one by RFC 4861 sec. 6.1.2: from a neighbour, and whole."""
    if hop_limit != 255 or not source.is_link_local or len(data) < 16 or data[1] != 0:
        return False
    at = 16
    while at < len(data):
        if at + 2 > len(data) or not data[at + 1]:
            return False
        at += data[at + 1] * 8
    return at == len(data)


def link_address_of(neighbor: Address) -> bytes:
    """The Ethernet address in a link-local address (RFC 4291 appendix A), as FRR takes it."""
    packed = neighbor.pack()
    return bytes((packed[8] ^ 0x02, packed[9], packed[10], packed[13], packed[14], packed[15]))
