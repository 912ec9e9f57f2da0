"""Prefix-lists, access-lists and the frame of route-maps: what zebra and bgpd share.

`model` holds the lists and what they say of a prefix, `routemap` the maps with their clauses as
values, `prefixlist`, `accesslist` and `mapcommands` the lines, `show` what FRR prints of them.
A daemon has a `Filters` in its configuration and puts the scopes into its language; it hears of
changes by `FilterEffect`. Which clauses of a route-map a daemon acts on is told by its rows
(`clauses.Clause`). Nothing here knows a protocol.
"""

from grammar.filters.model import FilterEffect as FilterEffect
from grammar.filters.model import Filters as Filters
