"""bfdd's language; the scopes stand in the order in which the configuration prints."""

from grammar.common import common_scopes
from grammar.declared import Language
from grammar.filters.accesslist import ACCESS_LISTS
from grammar.filters.prefixlist import PREFIX_LISTS
from grammar.filters.showcommands import SHOW_ACCESS_LISTS
from zebra.bfdd.commands.debug import DEBUG, SHOW_DEBUG
from zebra.bfdd.commands.nodes import BFD, PEER, PROFILE
from zebra.bfdd.commands.session import TOP
from zebra.bfdd.commands.show import CLEAR, SHOW

LANGUAGE = Language(
    "bfdd",
    "BFD",
    [
        *common_scopes((BFD, PEER, PROFILE)),
        DEBUG,
        # Nothing of BFD refers to lists, and FRR's bfdd keeps and prints them all the same: vtysh
        # sends them to every daemon that knows them, and a refusal there is a failure of the line.
        ACCESS_LISTS,
        PREFIX_LISTS,
        TOP,
        SHOW,
        SHOW_ACCESS_LISTS,
        CLEAR,
        SHOW_DEBUG,
    ],
)
