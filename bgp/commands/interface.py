"""`interface NAME` in bgpd: vtysh sends every interface block to all daemons that have the node.

The description is zebra's to keep; only `mpls bgp forwarding` is bgpd's own.
"""

from collections.abc import Iterable
from typing import Any

from bgp.config import InterfaceConfig
from grammar.base.errors import CommandError
from grammar.command import Call, Flag, action, opens
from grammar.node import CONFIG, INTERFACE
from grammar.scope import Block, Scope, Values


def _configured(bgpd: Any) -> Iterable[tuple[Values, InterfaceConfig]]:
    for name, config in sorted(bgpd.config.interfaces.items()):
        if config.mpls_forwarding:
            yield {"ifname": name}, config


_TOP = Scope((CONFIG,), objects=lambda bgpd: [])
INTERFACES = Scope((CONFIG,))
INTERFACES.add(_TOP)
_BLOCK = Block(
    (INTERFACE,),
    objects=_configured,
    open_line=lambda values, target: f"interface {values['ifname']}",
)
INTERFACES.add(_BLOCK)

_HELP = ("An interface", "Its name", "Of a VRF", "The VRF's name")


@opens(_TOP, "interface IFNAME$ifname [vrf NAME$vrf]", *_HELP, into=INTERFACE)
def interface(call: Call) -> InterfaceConfig:
    """Into the node of the interface, which need not exist."""
    name: str = call.values["ifname"]
    found: InterfaceConfig = call.daemon.config.interfaces.setdefault(name, InterfaceConfig())
    return found


@action(_TOP, "no interface IFNAME$ifname [vrf NAME$vrf]", "Remove", *_HELP)
def no_interface(call: Call) -> None:
    """Only the lines of an interface that zebra does not know can be removed."""
    name = call.values["ifname"]
    known = {interface.name for interface in call.daemon.zebra.interfaces.values()}
    if name in call.daemon.config.interfaces and name in known:
        raise CommandError(
            "% Configuration failed.\n\nError type: validation\n"
            "Error description: only inactive interfaces can be deleted"
        )
    call.daemon.config.interfaces.pop(name, None)


@action(_BLOCK, "description LINE...$text", "Note on the interface", "The text")
def description(call: Call) -> None:
    """Kept to be shown: zebra prints it."""
    call.target().description = call.values["text"]


@action(_BLOCK, "no description", "Remove", "Note on the interface")
def no_description(call: Call) -> None:
    """Forgotten here; zebra forgets it too."""
    call.target().description = None


Flag(
    _BLOCK,
    "mpls bgp forwarding",
    "MPLS",
    "Of BGP",
    "Labels are good over this interface",
    field="mpls_forwarding",
)
