"""Network namespaces as VRFs (`zebra -n`): `netns` in `vrf NAME`; and `show vrf`."""

from typing import TYPE_CHECKING, Any

from grammar.base.errors import CommandError, Status
from grammar.command import Call, action, show
from grammar.node import ENABLE, VIEW
from grammar.output.jsonc import pretty
from grammar.scope import Scope
from zebra.commands.vrf import BLOCK
from zebra.config import NO_VRF, VrfConfig

if TYPE_CHECKING:
    from zebra.netns import NamespaceVrfs
    from zebra.vrf import Vrf

SHOW_VRF = Scope((VIEW, ENABLE))


def _refused(text: str) -> CommandError:
    return CommandError(text, Status.CONFIG_FAILED)


def _namespaces(call: Call) -> "NamespaceVrfs":
    found: NamespaceVrfs | None = call.daemon.namespaces
    if found is None:  # FRR has these lines with `-n` only
        raise CommandError(f"% [ZEBRA] Unknown command: {call.line}", Status.NO_MATCH)
    return found


def _path(namespaces: "NamespaceVrfs", name: str) -> str:
    from zebra.netns import FOLDER

    path = FOLDER / name
    if namespaces.of(str(path.resolve())) is not None:
        return str(path.resolve())
    try:
        return str(path.resolve(strict=True))
    except OSError as error:
        raise _refused(f"Invalid pathname for {path}: {error.strerror}") from None


@action(BLOCK, "netns NAME$name", "The namespace that the VRF is", "Its name or path")
def netns(call: Call) -> None:
    """Make a namespace this VRF."""
    namespaces, config = _namespaces(call), _config(call)
    path = _path(namespaces, call.values["name"])
    known = namespaces.of(path)
    if known is not None and known.config is config:
        text = f"VRF {known.id} already configured with NETNS {path}"
        raise CommandError(text, Status.WARNING)
    if known is not None:
        text = f"NS {path} is already configured with VRF {known.id}({known.name})"
        raise _refused(text)
    if config.netns is not None:
        vrf = _active(call, config)
        text = f"VRF {config.name}({_number(vrf)}) already configured with NetNS {config.netns}"
        raise _refused(text)
    try:
        namespaces.bind(config, path)
    except OSError:
        text = f"Can not associate NS {NO_VRF} with NETNS {path}"
        raise _refused(text) from None


@action(BLOCK, "no netns [NAME]", "Not", "The namespace that the VRF is", "Its name")
def no_netns(call: Call) -> None:
    """The namespace is a VRF no more; its name does not matter, as in FRR."""
    namespaces, config = _namespaces(call), _config(call)
    if config.netns is None:
        vrf = _active(call, config)
        text = f"VRF {config.name}({_number(vrf)}) is not configured with NetNS"
        raise _refused(text)
    namespaces.unbind(config)


def _config(call: Call) -> VrfConfig:
    config: VrfConfig = call.target()
    return config


def _active(call: Call, config: VrfConfig) -> "Vrf | None":
    found: Vrf | None = call.daemon.rib.named(config.name)
    return found


def _number(vrf: "Vrf | None") -> int:
    return NO_VRF if vrf is None else vrf.id


@show(SHOW_VRF, "show vrf", "Show", "VRFs")
def show_vrf(zebra: Any) -> str:
    """VRFs other than the default one, those too that the kernel does not have."""
    active = {vrf.name: vrf for vrf in zebra.rib.vrfs.values()}
    lines = [] if zebra.namespaces is None else ["netns-based vrfs"]
    for name in sorted({*active, *zebra.config.vrfs} - {"default"}):
        config: VrfConfig = zebra.config.vrfs[name]
        configured = " (configured)" if config.opened else ""
        if name in active:
            lines.append(f"vrf {name} id {active[name].id} {_where(active[name])}{configured}")
        else:
            lines.append(f"vrf {name} inactive{configured}")
    return "".join(f"{line}\n" for line in lines)


@show(SHOW_VRF, "show vrf vni [json$as_json]", "Show", "VRFs", "Their L3 VNIs", "As JSON")
def show_vrf_vni(zebra: Any, as_json: str | None = None) -> str:
    """The VNI of each VRF that has one; there are no VXLAN interfaces behind them."""
    configs: dict[str, VrfConfig] = {**zebra.config.vrfs, "default": zebra.config.default}
    numbers = [(name, vrf.vni[0]) for name, vrf in sorted(configs.items()) if vrf.vni is not None]
    if as_json is None:
        rows = [("VRF", "VNI", "VxLAN IF", "L3-SVI", "State", "Rmac")]
        rows += [(name, str(vni), "None", "None", "Down", "None") for name, vni in numbers]
        return "".join("{:<37} {:<10} {:<20} {:<20} {:<5} {:<18}\n".format(*row) for row in rows)
    nothing = {"vxlanIntf": "None", "sviIntf": "None", "state": "Down", "routerMac": "None"}
    return pretty({"vrfs": [{"vrf": name, "vni": vni, **nothing} for name, vni in numbers]}) + "\n"


def _where(vrf: "Vrf") -> str:
    path = vrf.namespace.path
    return f"netns {path}" if path else f"table {vrf.table}"
