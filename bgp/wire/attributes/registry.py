"""All attribute rows by type code."""

from typing import Any, Final

from bgp.wire.attributes.aggregator import AGGREGATOR, AS4_AGGREGATOR
from bgp.wire.attributes.aspath import AS4_PATH, AS_PATH
from bgp.wire.attributes.basic import (
    ATOMIC_AGGREGATE,
    LOCAL_PREF,
    MED,
    NEXT_HOP,
    ONLY_TO_CUSTOMER,
    ORIGIN,
)
from bgp.wire.attributes.communities import COMMUNITIES, EXTENDED_COMMUNITIES, LARGE_COMMUNITIES
from bgp.wire.attributes.multiprotocol import MP_REACH, MP_UNREACH
from bgp.wire.attributes.reflection import CLUSTER_LIST, ORIGINATOR_ID
from bgp.wire.attributes.row import Attribute

# A table of rows of many value types has no common one to name.
Rows = dict[int, Attribute[Any]]

ROWS: Final[Rows] = {
    row.code: row
    for row in (
        ORIGIN,
        AS_PATH,
        NEXT_HOP,
        MED,
        LOCAL_PREF,
        ATOMIC_AGGREGATE,
        AGGREGATOR,
        COMMUNITIES,
        ORIGINATOR_ID,
        CLUSTER_LIST,
        MP_REACH,
        MP_UNREACH,
        EXTENDED_COMMUNITIES,
        AS4_PATH,
        AS4_AGGREGATOR,
        LARGE_COMMUNITIES,
        ONLY_TO_CUSTOMER,
    )
}
