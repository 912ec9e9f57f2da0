"""Nodes: the modes of the command language, each with its prompt and the node above it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """A mode such as `router bgp`.

    `prompt` stands between the host name and `#`. `number` is FRR's, which its messages show.
    An unknown line is tried in `parent`, and `exit` leads there. `exits` are further words that
    leave the node. `body_indent` is how far its lines are indented when printed.
    """

    name: str
    prompt: str
    number: int
    parent: "Node | None" = None
    exits: tuple[str, ...] = ()

    @property
    def is_config(self) -> bool:
        """True for the config node and all below it."""
        node: Node | None = self
        while node is not None:
            if node is CONFIG:
                return True
            node = node.parent
        return False

    @property
    def depth(self) -> int:
        """0 for the nodes without a parent and for config, 1 for those right below it, ..."""
        return 0 if self.parent is None else self.parent.depth + 1

    def __repr__(self) -> str:
        return f"<node {self.name}>"


VIEW = Node("view", "", 1)
ENABLE = Node("enable", "", 3)
CONFIG = Node("config", "(config)", 4)
VRF = Node("vrf", "(config-vrf)", 16, CONFIG, ("exit-vrf",))
INTERFACE = Node("interface", "(config-if)", 17, CONFIG)
ROUTE_MAP = Node("route-map", "(config-route-map)", 59, CONFIG)
LINE_VTY = Node("line vty", "(config-line)", 79, CONFIG)
