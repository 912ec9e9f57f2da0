"""The language of bgpd: every command declared once, by topic, in the order it prints.

These modules import the grammar, the configuration model and the views of show commands, never
running state, so that the shell can load the language without a daemon.
"""

from bgp.commands import (
    bestpath,
    bfd,
    capability,
    clear,
    clear_dampening,
    debug,
    debug_evpn,
    dump,
    family,
    family_leaking,
    family_neighbor,
    graceful,
    instance,
    interface,
    listen,
    neighbor,
    pace,
    peers,
    policy,
    process,
    router,
    show,
    show_absent,
    show_adjacency,
    show_evpn,
    show_groups,
    show_state,
    show_tables,
)
from bgp.commands.nodes import CONFIG_NODES, ROUTER, SHOW, TOP
from grammar.common import common_scopes
from grammar.declared import Language

__all__ = [
    "LANGUAGE",
    "bestpath",
    "bfd",
    "capability",
    "clear",
    "clear_dampening",
    "debug",
    "debug_evpn",
    "dump",
    "family",
    "family_leaking",
    "family_neighbor",
    "graceful",
    "instance",
    "interface",
    "listen",
    "neighbor",
    "pace",
    "peers",
    "policy",
    "process",
    "router",
    "show",
    "show_absent",
    "show_adjacency",
    "show_evpn",
    "show_groups",
    "show_state",
    "show_tables",
]

LANGUAGE = Language(
    "bgpd",
    "BGP",
    [
        *common_scopes(CONFIG_NODES, debug.SCOPES),
        debug.VNC,
        policy.DEBUG_ROUTE_MAP,
        interface.INTERFACES,
        policy.DELAY,
        process.PROCESS,
        TOP,
        ROUTER,
        *policy.LISTS,
        dump.DUMPS,
        SHOW,
        *policy.SHOWS,
        clear.CLEAR,
    ],
)
