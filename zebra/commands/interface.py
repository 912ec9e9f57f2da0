"""`interface NAME` and what is configured of an interface."""

from collections.abc import Iterable, Iterator
from typing import Any

from grammar.base.errors import CommandError
from grammar.base.values import Address, Afi, Prefix
from grammar.command import Call, action, opens
from grammar.node import CONFIG, INTERFACE
from grammar.scope import Block, Scope, Values
from zebra.commands.advertise import ADVERTISE
from zebra.commands.linkparams import PARAMS
from zebra.commands.multihoming import MULTIHOMING
from zebra.config import AddressConfig, InterfaceConfig, interface_key, name_key
from zebra.effects import Effect


def _configured(zebra: Any) -> Iterable[tuple[Values, InterfaceConfig]]:
    interfaces: dict[str, InterfaceConfig] = zebra.config.interfaces
    for config in sorted(interfaces.values(), key=lambda one: (one.vrf, name_key(one.name))):
        if not config.is_empty:
            yield {"ifname": interface_key(config.name, config.vrf)}, config


_TOP = Scope((CONFIG,), objects=lambda zebra: [])
INTERFACES = Scope((CONFIG,))
INTERFACES.add(_TOP)
_BLOCK = Block(
    (INTERFACE,),
    objects=_configured,
    open_line=lambda values, target: f"interface {values['ifname']}",
)
INTERFACES.add(_BLOCK)


@opens(
    _TOP,
    "interface IFNAME$ifname [vrf NAME$vrf]",
    "An interface",
    "Its name",
    "Of a VRF",
    "The VRF's name",
    into=INTERFACE,
    alive=lambda zebra, config: (
        zebra.config.interfaces.get(interface_key(config.name, config.vrf)) is config
    ),
)
def interface(call: Call) -> InterfaceConfig:
    """Into the node of the interface, which need not exist."""
    config: InterfaceConfig = call.daemon.config.interface(call.values["ifname"], _vrf(call))
    config.opened = True
    return config


def _vrf(call: Call) -> str:
    """The VRF that tells interfaces of one name apart, which none does but a namespace."""
    name: str = call.values.get("vrf", "default")
    return "default" if call.daemon.namespaces is None else name


@action(
    _TOP,
    "no interface IFNAME$ifname [vrf NAME$vrf]",
    "Remove",
    "An interface",
    "Its name",
    "Of a VRF",
    "The VRF's name",
)
def no_interface(call: Call) -> None:
    """Only the lines of an interface that does not exist can be removed."""
    name, vrf = call.values["ifname"], call.daemon.rib.named(_vrf(call))
    key = interface_key(name, _vrf(call))
    known: InterfaceConfig | None = call.daemon.config.interfaces.get(key)
    exists = vrf is not None and name in vrf.namespace.interfaces.by_name
    if known is not None and known.opened and exists:
        raise CommandError(
            "% Configuration failed.\n\nError type: validation\n"
            "Error description: only inactive interfaces can be deleted"
        )
    if not exists:
        call.daemon.config.interfaces.pop(key, None)


# --- lines of one interface, in printed order ---------------------------------------------------


def _config(call: Call) -> InterfaceConfig:
    config: InterfaceConfig = call.node_object
    return config


def _shutdown(config: InterfaceConfig, names: Values) -> Iterator[str]:
    if config.shutdown:
        yield "shutdown"


def _set_shutdown(call: Call, value: bool) -> None:
    _config(call).shutdown = value
    call.changed(Effect.LINK, _config(call))


@action(_BLOCK, "shutdown", "Take the interface down", printer=_shutdown)
def shutdown(call: Call) -> None:
    """Administratively down."""
    _set_shutdown(call, True)


@action(_BLOCK, "no shutdown", "Lift", "Take the interface down")
def no_shutdown(call: Call) -> None:
    """Up again, also when it was never shut here."""
    _set_shutdown(call, False)


def _description(config: InterfaceConfig, names: Values) -> Iterator[str]:
    if config.description is not None:
        yield f"description {config.description}"


@action(
    _BLOCK, "description LINE...$text", "Note on the interface", "The text", printer=_description
)
def description(call: Call) -> None:
    """A text that is shown with the interface."""
    _config(call).description = call.values["text"]


@action(_BLOCK, "no description", "Remove", "Note on the interface")
def no_description(call: Call) -> None:
    """No text."""
    _config(call).description = None


def _bandwidth(config: InterfaceConfig, names: Values) -> Iterator[str]:
    if config.bandwidth is not None:
        yield f"bandwidth {config.bandwidth}"


def _set_bandwidth(call: Call, value: int | None) -> None:
    config = _config(call)
    config.bandwidth = value
    call.changed(Effect.BANDWIDTH, config)


@action(
    _BLOCK,
    "bandwidth (1-100000)$bandwidth",
    "What protocols should think of its speed",
    "Mbit/s",
    printer=_bandwidth,
)
def bandwidth(call: Call) -> None:
    """Clients are told."""
    _set_bandwidth(call, call.values["bandwidth"])


@action(
    _BLOCK,
    "no bandwidth [(1-100000)]",
    "Remove",
    "What protocols should think of its speed",
    "Mbit/s",
)
def no_bandwidth(call: Call) -> None:
    """Back to what the link says."""
    _set_bandwidth(call, None)


def _link_detect(config: InterfaceConfig, names: Values) -> Iterator[str]:
    if config.link_detect is False:
        yield "no link-detect"


def _set_link_detect(call: Call, value: bool | None) -> None:
    config = _config(call)
    if config.link_detect != value:
        config.link_detect = value
        call.changed(Effect.LINK_STATE, config)


@action(_BLOCK, "link-detect", "Heed the carrier", printer=_link_detect)
def link_detect(call: Call) -> None:
    """The default."""
    _set_link_detect(call, None)


@action(_BLOCK, "no link-detect", "Do not", "Heed the carrier")
def no_link_detect(call: Call) -> None:
    """Up counts as running."""
    _set_link_detect(call, False)


def _addresses(config: InterfaceConfig, names: Values) -> Iterator[str]:
    for line in config.addresses:
        word = "ip" if line.prefix.afi is Afi.IPV4 else "ipv6"
        if line.peer is not None:
            text = f"{line.prefix.address} peer {line.peer}"
        else:
            text = str(line.prefix)
        label = f" label {line.label}" if line.label is not None else ""
        yield f"{word} address {text}{label}"


def _is_unusable(address: Address) -> bool:
    if address.afi is Afi.IPV6:
        return address.value == 1  # the loopback's
    first = address.value >> 24
    return first in (0, 127) or first >= 224


def _find(config: InterfaceConfig, line: AddressConfig) -> AddressConfig | None:
    for known in config.addresses:
        if (known.prefix, known.peer) == (line.prefix, line.peer):
            return known
    return None


def _add(call: Call, line: AddressConfig) -> None:
    config = _config(call)
    if _is_unusable(line.prefix.address):
        raise CommandError("% Invalid address")
    known = _find(config, line)
    if known is None:
        config.addresses[line] = not config.shutdown
    elif not config.shutdown:
        config.again.add(known)
    call.changed(Effect.ADDRESS, config)


def _remove(call: Call, line: AddressConfig) -> None:
    config = _config(call)
    known = _find(config, line)
    if known is None:
        raise CommandError("% Can't find address")
    del config.addresses[known]
    call.changed(Effect.ADDRESS, config)


def _line(values: Values) -> AddressConfig:
    label = values.get("label")
    if "peer" in values:
        own: Address = values["address"]
        return AddressConfig(Prefix(own.afi, own.value, own.afi.bits), values["peer"], label)
    return AddressConfig(values["prefix"], None, label)


_FORMS = (
    ("ip address A.B.C.D/M$prefix", ("IPv4", "An address", "With the network's length")),
    (
        "ip address A.B.C.D$address peer A.B.C.D/M$peer",
        ("IPv4", "An address", "The own one", "Of a line with two ends", "The far end"),
    ),
    ("ipv6 address X:X::X:X/M$prefix", ("IPv6", "An address", "With the network's length")),
    (
        "ip address A.B.C.D/M$prefix label LINE$label",
        ("IPv4", "An address", "With the network's length", "Named", "The name"),
    ),
)
for _number, (_notation, _help) in enumerate(_FORMS):
    action(_BLOCK, _notation, *_help, printer=None if _number else _addresses)(
        lambda call: _add(call, _line(call.values))
    )
    action(_BLOCK, f"no {_notation}", "Remove", *_help)(
        lambda call: _remove(call, _line(call.values))
    )


def _multicast(config: InterfaceConfig, names: Values) -> Iterator[str]:
    if config.multicast is not None:
        yield "multicast" if config.multicast else "no multicast"


def _set_multicast(call: Call, value: bool) -> None:
    _config(call).multicast = value
    call.changed(Effect.MULTICAST, _config(call))


@action(_BLOCK, "multicast", "Take part in multicast", printer=_multicast)
def multicast(call: Call) -> None:
    """The kernel sends and takes it there."""
    _set_multicast(call, True)


@action(_BLOCK, "no multicast", "Do not", "Take part in multicast")
def no_multicast(call: Call) -> None:
    """The kernel does not."""
    _set_multicast(call, False)


def _mpls(config: InterfaceConfig, names: Values) -> Iterator[str]:
    if config.mpls:
        yield "mpls enable"


@action(_BLOCK, "mpls enable", "MPLS", "Take labelled packets", negatable=True, printer=_mpls)
def mpls(call: Call) -> None:
    """From the first such line on MPLS counts as there."""
    _config(call).mpls = not call.negated
    call.changed(Effect.LABELS, _config(call))
    if not call.negated:
        call.daemon.config.switched.enabled = True


for _further in (ADVERTISE, MULTIHOMING, PARAMS):
    _BLOCK.add(_further)
