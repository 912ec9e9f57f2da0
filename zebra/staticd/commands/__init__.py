"""staticd's language; the scopes stand in the order in which the configuration prints."""

from grammar.common import common_scopes
from grammar.declared import Language
from grammar.node import VRF
from zebra.staticd.commands.debug import DEBUG, SHOW, debug_static
from zebra.staticd.commands.route import INSTANCES

LANGUAGE = Language(
    "staticd", "STATIC", [*common_scopes((VRF,), (DEBUG,), debug_static.run), INSTANCES, SHOW]
)
