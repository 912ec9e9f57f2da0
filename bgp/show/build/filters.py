"""The filters of a neighbour and whether they exist."""

from collections.abc import Iterator

from bgp.config import BgpdConfig, Family, PeerFamilyConfig
from bgp.show.views.neighbor import NamedFilter
from grammar.base.values import Afi

_FIELDS = (
    "prefix_list_in",
    "prefix_list_out",
    "distribute_list_in",
    "distribute_list_out",
    "filter_list_in",
    "filter_list_out",
    "route_map_in",
    "route_map_out",
    "unsuppress_map",
)
"""In the order in which FRR tells them."""


def filters_of(
    config: BgpdConfig, family: Family, lines: PeerFamilyConfig
) -> Iterator[NamedFilter]:
    """Those of a family of a neighbour."""
    for field in _FIELDS:
        name = getattr(lines, field)
        if name is not None:
            yield NamedFilter(field, name, _exists(config, family, field, name))


def _exists(config: BgpdConfig, family: Family, field: str, name: str) -> bool:
    filters = config.filters
    if field.startswith("prefix_list"):
        return filters.prefix_list(name, family[0]) is not None
    if field.startswith("distribute_list"):
        return name in filters.access_lists["ip" if family[0] is Afi.IPV4 else "ipv6"]
    if field.startswith("filter_list"):
        return config.lists.find("as-path", name) is not None
    return name in filters.route_maps
