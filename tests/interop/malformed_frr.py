"""Where FRR 8.4.4 answers a malformed message other than this router does: why, and how.

The reasons are those of docs/differences.md, the names those of the rows.
"""

from typing import Final

DIFFERENT: Final[dict[str, dict[str, str]]] = {
    "FRR sends a NOTIFICATION back without the bytes that the RFCs ask for.": {
        "AS 0": "NOTIFICATION 2/2",
        "BoRR with more": "NOTIFICATION 7/1",
        "EoRR with more": "NOTIFICATION 7/1",
        "a change of capabilities that is not agreed on": "NOTIFICATION 1/3",
    },
    "FRR takes an AS number of another size than four bytes for AS 0.": {
        "AS number of 3 bytes": "NOTIFICATION 2/2 00000000",
        "an AS number of 0 bytes": "NOTIFICATION 2/2 00000000",
        "an AS number of 8 bytes": "NOTIFICATION 2/2 00000000",
    },
    "FRR closes the connection without a NOTIFICATION when an OPEN comes twice.": {
        "OPEN in OpenConfirm": "closed without a word",
        "OPEN in Established": "closed without a word",
    },
    "FRR answers any fault of MP attributes, and unknown well-known attributes, with 3/1.": {
        "unknown well-known": "NOTIFICATION 3/1",
        "MP_REACH cut short": "NOTIFICATION 3/1",
        "MP_UNREACH cut short": "NOTIFICATION 3/1",
        "MP_REACH, next hop of 5": "NOTIFICATION 3/1",
        "MP_REACH of nothing": "NOTIFICATION 3/1",
        "MP_UNREACH of nothing": "NOTIFICATION 3/1",
        "MP_REACH with a next hop beyond its end": "NOTIFICATION 3/1",
        "MP_REACH with a next hop of nothing": "NOTIFICATION 3/1",
    },
    (
        "RFC 7606 treats the routes as withdrawn. FRR means to, but then takes the attributes "
        "that it has not read for prefixes, or ends the session at once."
    ): {
        "ORIGIN of 2 bytes": "NOTIFICATION 3/10",
        "ORIGIN 3": "NOTIFICATION 3/10",
        "ORIGIN optional": "NOTIFICATION 3/10",
        "AS_PATH of an unknown segment": "NOTIFICATION 3/10",
        "AS_PATH with an empty segment": "NOTIFICATION 3/10",
        "AS_PATH overrun": "NOTIFICATION 3/10",
        "AS_PATH optional": "NOTIFICATION 3/10",
        "attributes do not add up": "NOTIFICATION 3/1",
        "half a header at the end": "NOTIFICATION 3/5",
        "ORIGIN of nothing": "NOTIFICATION 3/10",
        "ORIGIN overruns": "NOTIFICATION 3/5 015000100a42",
        "a long ORIGIN overruns": "NOTIFICATION 3/5 01ffff00100a42",
        "COMMUNITIES overrun": "NOTIFICATION 3/5 08ff00000001100a42",
        "a sequence of 255 in 6 bytes": "NOTIFICATION 3/10",
        "a set of 255 in 6 bytes": "NOTIFICATION 3/10",
        "a path of one byte": "NOTIFICATION 3/10",
        "a path with a byte more": "NOTIFICATION 3/10",
        "a confederation of nobody": "NOTIFICATION 3/10",
        "End-of-RIB with attributes that are malformed": "NOTIFICATION 3/10",
    },
    (
        "RFC 7606 sec. 7.3 treats routes with an impossible NEXT_HOP as withdrawn. FRR ends "
        "the session."
    ): {
        "NEXT_HOP 0.0.0.0": "NOTIFICATION 3/8 40030400000000",
        "NEXT_HOP loopback": "NOTIFICATION 3/8 4003047f000001",
        "NEXT_HOP multicast": "NOTIFICATION 3/8 400304e0000001",
    },
    ("RFC 7606 discards the attribute. FRR ends the session, or treats the routes as withdrawn."): {
        "AS4_PATH malformed": "NOTIFICATION 3/1",
        "CLUSTER_LIST of 3 bytes from outside": "stays with 2001:db8:66::/48",
        "ORIGIN twice": "NOTIFICATION 3/1",
        "ORIGINATOR_ID of nothing": "stays with 2001:db8:66::/48",
        "CLUSTER_LIST of nothing": "stays with 2001:db8:66::/48",
        "AS4_PATH overruns": "NOTIFICATION 3/1",
    },
    (
        "RFC 4760 sec. 7 lets routes of families that were not agreed on be passed over. FRR "
        "ends the session."
    ): {
        "MP_REACH of AFI 25": "NOTIFICATION 3/10",
        "MP_REACH of AFI 0": "closed without a word",
        "MP_REACH of SAFI 9": "closed without a word",
        "MP_REACH of AFI 25, bad attribute": "NOTIFICATION 3/1",
        "MP_UNREACH of AFI 65535": "closed without a word",
        "MP_UNREACH of SAFI 9": "closed without a word",
        "End-of-RIB of SAFI 9": "closed without a word",
    },
    (
        "FRR ends the session for outbound route filters that were not agreed on; here they "
        "are passed over."
    ): {
        "refresh with ORF": "NOTIFICATION 6/0",
        "filters without a length": "NOTIFICATION 6/0",
        "filters of an old type beyond their end": "NOTIFICATION 6/0",
    },
    (
        "Here attributes that are not acted upon are passed on as they came. FRR reads them, "
        "and ends the session or treats the routes as withdrawn."
    ): {
        "tunnel encapsulation of nothing": "stays with 2001:db8:66::/48",
        "tunnel encapsulation of 3 bytes": "stays with 2001:db8:66::/48",
        "tunnel encapsulation overruns": "stays with 2001:db8:66::/48",
        "part of a tunnel encapsulation overruns": "stays with 2001:db8:66::/48",
        "prefix SID cut short": "NOTIFICATION 3/1",
        "prefix SID overruns": "NOTIFICATION 3/1",
        "label index of a prefix SID cut short": "NOTIFICATION 3/1",
        "a service of a prefix SID overruns": "NOTIFICATION 3/1",
        "an originator SRGB of a prefix SID of 5 bytes": "NOTIFICATION 3/1",
        "PMSI tunnel of nothing": "NOTIFICATION 3/1",
        "PMSI tunnel of 3 bytes": "NOTIFICATION 3/1",
        "extended communities of IPv6 of 3 bytes": "stays with 2001:db8:66::/48",
    },
    "The Partial bit of a well-known attribute does no harm here. FRR ends the session.": {
        "partial ORIGIN": "NOTIFICATION 3/10",
    },
    (
        "RFC 7606 sec. 3 (d) treats routes without mandatory attributes as withdrawn. FRR "
        "keeps the route that was there before."
    ): {
        "nothing but an unknown attribute": "stays with 10.66.0.0/16 2001:db8:66::/48",
    },
    (
        "RFC 7606 sec. 5.3 ends the session where prefixes cannot be told apart. FRR passes "
        "over labels that it cannot read."
    ): {
        "labels without an end": "stays with 10.66.0.0/16 2001:db8:66::/48",
        "a label cut short": "stays with 10.66.0.0/16 2001:db8:66::/48",
        "a labeled prefix that is all label": "stays with 10.66.0.0/16 2001:db8:66::/48",
    },
    "FRR takes a capability that is cut short as if it were whole.": {
        "long-lived graceful restart of 6 bytes": "stays with nothing",
    },
    (
        "Here a message that was not agreed on is unknown, whatever its length. FRR looks at "
        "the length first."
    ): {
        "a change of capabilities of nothing": "NOTIFICATION 1/2 0013",
        "a change of capabilities in OpenConfirm": "NOTIFICATION 1/2 0014",
    },
}
