"""What every daemon understands besides its own commands: the host's name, logging, `line vty`,
`write`, `show version` and the lines that open a printed configuration.

`CommonConfig` is the model, `common_scopes` the declarations, which each `Language` puts first.
The process around a daemon (log targets, files) is behind the `Process` protocol.
"""

from collections.abc import Callable

from grammar.command import Call
from grammar.common.config import CommonConfig, LogTarget, Process
from grammar.common.extlog import EXTENDED_LOG
from grammar.common.modelled import show_here
from grammar.common.models import model_scopes
from grammar.common.process import process_scopes
from grammar.common.settings import settings_scopes
from grammar.navigation import navigation
from grammar.node import CONFIG, LINE_VTY, Node
from grammar.scope import Scope

__all__ = ["CommonConfig", "LogTarget", "Process", "common_scopes"]


def common_scopes(
    config_nodes: tuple[Node, ...],
    own_debug: tuple[Scope, ...] = (),
    debug_all: Callable[[Call], object] | None = None,
    later_debug: tuple[Scope, ...] = (),
) -> list[Scope]:
    """The shared scopes of a daemon, in printed order.

    `config_nodes` are the daemon's nodes below CONFIG, LINE_VTY not counted; `own_debug` are its
    own debug lines, which print among the shared ones (`later_debug` further down), and
    `debug_all` what `debug all` does with them. The daemon must have an attribute `common`, a
    `CommonConfig`.
    """
    nodes = (*config_nodes, LINE_VTY, EXTENDED_LOG)
    settings = settings_scopes(own_debug, debug_all, later_debug)
    return [
        navigation(nodes),
        *process_scopes(config_nodes),
        *model_scopes(),
        show_here((CONFIG, *nodes)),
        *settings,
    ]
