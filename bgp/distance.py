"""Administrative distances of routes on their way to zebra (`distance`, `network ... backdoor`)."""

from typing import Final

from bgp.config import FamilyConfig
from bgp.rib.path import Path
from grammar.base.values import Address, Prefix
from grammar.filters.model import Filters

EXTERNAL: Final = 20
INTERNAL: Final = 200
LOCAL: Final = 200


class Distances:
    """The distances that the lines of a family give; FRR's order of asking."""

    def __init__(self, config: FamilyConfig, filters: Filters) -> None:
        self._config = config
        self._filters = filters

    def of(self, path: Path, prefix: Prefix) -> int:
        """The distance of a best path."""
        config = self._config
        extras = path.attrs.extras
        if extras is not None and extras.distance:
            return extras.distance
        external, internal, local = config.distances or (EXTERNAL, INTERNAL, LOCAL)
        if path.source.is_local:
            return internal
        by_address = self._by_address(path, prefix) if config.prefix_distances else None
        if by_address is not None:
            return by_address
        network = config.networks.get(prefix)
        if network is not None and network.backdoor:
            return local
        return external if path.source.is_ebgp else internal

    def _by_address(self, path: Path, prefix: Prefix) -> int | None:
        address = getattr(path.source, "address", None)
        if not isinstance(address, Address):
            return None
        host = address.host_prefix()
        found = [
            (one.length, line)
            for one, line in self._config.prefix_distances.items()
            if one.afi is host.afi and Prefix(host.afi, host.value, one.length).network == one
        ]
        if not found:
            return None
        line = max(found, key=lambda pair: pair[0])[1]
        if line.access_list is None:
            return line.distance
        permitted = self._filters.access_permits(line.access_list, prefix)
        return line.distance if permitted else None
