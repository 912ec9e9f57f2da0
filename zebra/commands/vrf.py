"""`vrf NAME` and what is configured of a VRF, which the kernel need not have."""

from collections.abc import Iterable, Iterator
from typing import Any

from grammar.base.errors import CommandError, Status
from grammar.base.values import Address, Afi
from grammar.command import Call, action, opens
from grammar.node import CONFIG, VRF
from grammar.scope import Block, Scope, Values
from zebra.config import VrfConfig

DEFAULT = "default"
_LONGEST_NAME = 36


def _body(config: VrfConfig) -> Iterator[str]:
    if config.vni is not None:
        number, prefix_only = config.vni
        yield f"vni {number}{' prefix-routes-only' if prefix_only else ''}"
    for word, afi in (("ip", Afi.IPV4), ("ipv6", Afi.IPV6)):
        if afi in config.resolve_via_default:
            yield f"{word} nht resolve-via-default"
    for word, afi in (("ip", Afi.IPV4), ("ipv6", Afi.IPV6)):
        if afi in config.router_ids:
            yield f"{word} router-id {config.router_ids[afi]}"


def _configured(zebra: Any) -> Iterable[tuple[Values, VrfConfig]]:
    vrfs: dict[str, VrfConfig] = zebra.config.vrfs
    for name in sorted(vrfs):
        if name != DEFAULT and any(_body(vrfs[name])):
            yield {"vrf": name}, vrfs[name]


_TOP = Scope((CONFIG,), objects=lambda zebra: [])
VRFS = Scope((CONFIG,))
VRFS.add(_TOP)
_BLOCK = Block(
    (VRF,),
    objects=_configured,
    open_line=lambda values, target: f"vrf {values['vrf']}",
    close_line="exit-vrf",
)
VRFS.add(_BLOCK)


@opens(
    _TOP,
    "vrf NAME$vrf",
    "A VRF",
    "Its name",
    into=VRF,
    alive=lambda zebra, config: zebra.config.vrfs.get(config.name) is config,
)
def vrf(call: Call) -> VrfConfig:
    """Into the node of the VRF, which need not exist."""
    name: str = call.values["vrf"]
    if len(name) > _LONGEST_NAME:
        text = f"% VRF name {name} invalid: length exceeds {_LONGEST_NAME} bytes"
        raise CommandError(text)
    found: VrfConfig = call.daemon.config.vrfs.setdefault(name, VrfConfig(name))
    return found


@action(_TOP, "no vrf NAME$vrf", "Remove", "A VRF", "Its name")
def no_vrf(call: Call) -> None:
    """Forget what is configured of a VRF that the kernel does not have."""
    name = call.values["vrf"]
    if any(known.name == name for known in call.daemon.rib.vrfs.values()):
        raise CommandError("% Only inactive VRFs can be deleted")
    call.daemon.config.vrfs.pop(name, None)


def _config(call: Call) -> VrfConfig:
    config: VrfConfig = call.node_object
    if config.name == DEFAULT:
        raise CommandError("% Lines of the default VRF are typed outside of its block")
    return config


def _lines(config: VrfConfig, names: Values) -> Iterator[str]:
    return _body(config)


_VNI_HELP = ("Its L3 VNI", "Number of the VNI", "Only prefix routes (type 5)")


@action(_BLOCK, "vni (1-16777215)$vni [prefix-routes-only$prefix_only]", *_VNI_HELP, printer=_lines)
def vni(call: Call) -> None:
    """The VNI is kept; EVPN does not use it."""
    _config(call).vni = (call.values["vni"], "prefix_only" in call.values)


@action(_BLOCK, "no vni (1-16777215)$vni [prefix-routes-only]", "Remove", *_VNI_HELP)
def no_vni(call: Call) -> None:
    """Only the VNI that it has."""
    config, number = _config(call), call.values["vni"]
    if config.vni is None or config.vni[0] != number:
        text = f"VNI {number} doesn't exist in VRF: {config.name} "
        raise CommandError(text, Status.WARNING)
    config.vni = None


def _family(word: str, afi: Afi, address: str) -> None:
    resolve = f"{word} nht resolve-via-default"
    resolve_help = (word.upper(), "Next-hop tracking", "The default route may resolve next hops")
    id_help = (word.upper(), "The router id", "As an address")

    @action(_BLOCK, resolve, *resolve_help)
    def resolve_on(call: Call) -> None:
        _config(call).resolve_via_default[afi] = None

    @action(_BLOCK, f"no {resolve}", "Not", *resolve_help)
    def resolve_off(call: Call) -> None:
        _config(call).resolve_via_default.pop(afi, None)

    alias = ("router-id A.B.C.D$id",) if afi is Afi.IPV4 else ()

    @action(_BLOCK, f"{word} router-id {address}$id", *id_help, alias=alias)
    def router_id(call: Call) -> None:
        value: Address = call.values["id"]
        if value.is_unspecified:
            _config(call).router_ids.pop(afi, None)
        else:
            _config(call).router_ids[afi] = value

    no_alias = ("no router-id [A.B.C.D$id]",) if afi is Afi.IPV4 else ()

    @action(_BLOCK, f"no {word} router-id [{address}$id]", "Not", *id_help, alias=no_alias)
    def no_router_id(call: Call) -> None:
        _config(call).router_ids.pop(afi, None)


_family("ip", Afi.IPV4, "A.B.C.D")
_family("ipv6", Afi.IPV6, "X:X::X:X")
