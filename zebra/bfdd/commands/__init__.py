"""bfdd's language; the scopes stand in the order in which the configuration prints."""

from grammar.common import common_scopes
from grammar.declared import Language
from zebra.bfdd.commands.debug import DEBUG, SHOW_DEBUG
from zebra.bfdd.commands.nodes import BFD, PEER, PROFILE
from zebra.bfdd.commands.session import TOP
from zebra.bfdd.commands.show import CLEAR, SHOW

LANGUAGE = Language(
    "bfdd",
    "BFD",
    [*common_scopes((BFD, PEER, PROFILE)), DEBUG, TOP, SHOW, CLEAR, SHOW_DEBUG],
)
