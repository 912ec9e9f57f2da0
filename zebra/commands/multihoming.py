"""`evpn mh ...` of an interface; Ethernet segments need a bond, which zebra knows nothing of."""

from collections.abc import Iterator

from grammar.base.errors import CommandError, Status
from grammar.command import Call, action
from grammar.node import INTERFACE
from grammar.scope import Scope, Values
from zebra.config import InterfaceConfig

MULTIHOMING = Scope((INTERFACE,))
_EVPN = ("EVPN", "Multihoming")


def _segment(notation: str, what: str, *help: str) -> None:
    @action(MULTIHOMING, f"evpn mh {notation}", *_EVPN, *help, negatable=True)
    def segment(call: Call) -> None:
        if not call.negated:
            text = f"% {what} cannot be associated with this interface type"
            raise CommandError(text, Status.WARNING)


_segment("es-id [(1-16777215)|NAME]", "ESI", "The Ethernet segment", "Its number", "In full")
_segment("es-sys-mac [X:X:X:X:X:X]", "ESI", "The MAC of the Ethernet segment", "The MAC")
_segment("es-df-pref [(1-65535)]", "DF preference", "Preference as forwarder", "Value")


def _uplink(config: InterfaceConfig, names: Values) -> Iterator[str]:
    if config.uplink:
        yield "evpn mh uplink"


@action(MULTIHOMING, "evpn mh uplink", *_EVPN, "Towards the core", negatable=True, printer=_uplink)
def uplink(call: Call) -> None:
    """Noted."""
    call.target().uplink = not call.negated
