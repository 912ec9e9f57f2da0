"""`router bgp` and the lines of an instance that are not about one neighbor or family."""

from bgp.commands.nodes import BGP, ROUTER, TOP
from bgp.config import BgpConfig, BgpdConfig
from bgp.effects import Effect
from bgp.evpnconfig import EvpnConfig
from grammar.base.errors import CommandError
from grammar.command import Answer, Call, Opens, Reply, action
from grammar.scope import Scope

NO_PROCESS = "% No BGP process is configured"
NOT_ONE = "% Please specify ASN and VRF"
_DEPENDENT = "% Cannot delete default BGP instance. Dependent VRF instances exist"
RESERVED = (0, 65535, 4294967295)

_ROUTER_HELP = (
    "A routing process",
    "BGP",
    "Number of the own autonomous system",
    "An instance without a VRF",
    "An instance for a VRF",
    "Name of the view or VRF",
)


def _config(call: Call) -> BgpdConfig:
    config: BgpdConfig = call.daemon.config
    return config


def _only(config: BgpdConfig) -> BgpConfig:
    """The instance that a line without an AS number means."""
    if None not in config.instances:
        raise CommandError(NO_PROCESS)
    if len(config.instances) > 1:
        raise CommandError(NOT_ONE)
    return config.instances[None]


def _name(call: Call) -> str | None:
    name: str | None = call.values.get("name")
    return None if name == "default" and call.values.get("kind") == "vrf" else name


def new_instance(call: Call, asn: int, name: str | None, *, view: bool = False) -> BgpConfig:
    """A new instance; it shares with the others what FRR has once for all of them."""
    config = _config(call)
    bgp = config.instances[name] = BgpConfig(
        asn,
        name,
        view=view,
        datacenter=call.daemon.common.profile == "datacenter",
        most_paths=config.most_paths,
        evpn=EvpnConfig(config.evpn_multihoming),
    )
    for family, lines in bgp.families.items():
        lines.prefix_distances = config.prefix_distances.setdefault(family, {})
    call.changed(Effect.INSTANCES, call.daemon)
    return bgp


def _enter(call: Call) -> BgpConfig:
    config = _config(call)
    asn = call.values.get("asn")
    if asn is None:
        return _only(config)
    name = _name(call)
    bgp = config.instances.get(name)
    if bgp is None:
        bgp = new_instance(call, asn, name, view=call.values.get("kind") == "view")
    elif bgp.asn != asn:
        raise CommandError(f"{_reserved(asn)}BGP is already running; AS is {bgp.asn}")
    elif name is not None and bgp.view is not (call.values["kind"] == "view"):
        raise CommandError(
            f"{_reserved(asn)}BGP instance name and AS number mismatch\n"
            f"BGP instance is already running; AS is {asn}"
        )
    return bgp


def _depends(bgp: BgpConfig) -> bool:
    """True for an instance that takes routes from others by way of the default one, or gives."""
    leaks = (lines.leak for lines in bgp.families.values())
    return bgp.vrf is not None and any(leak.imports or leak.exports or leak.vrfs for leak in leaks)


def _reserved(asn: int | None) -> str:
    return f"Reserved AS used (65535|4294967295); AS is {asn}\n" if asn in RESERVED else ""


class RouterBgp(Opens):
    """`router bgp`, which warns of reserved numbers."""

    def run(self, call: Call) -> Answer:
        """Enter the instance, made if it is new."""
        super().run(call)
        warning = _reserved(call.values.get("asn"))
        return Reply([warning]) if warning else None


RouterBgp(
    TOP,
    "router bgp [(1-4294967295)$asn [<view|vrf>$kind VIEWVRFNAME$name]]",
    *_ROUTER_HELP,
    into=BGP,
    alive=lambda bgpd, bgp: bgpd.config.instances.get(bgp.vrf) is bgp,
    run=_enter,
)


@action(
    TOP,
    "no router bgp [(1-4294967295)$asn [<view|vrf>$kind VIEWVRFNAME$name]]",
    "Take a line back",
    *_ROUTER_HELP,
)
def _remove_router(call: Call) -> None:
    config = _config(call)
    asn = call.values.get("asn")
    if asn is None:
        bgp = _only(config)
    else:
        found = config.instances.get(_name(call))
        if found is None or found.asn != asn:
            raise CommandError("% Can't find BGP instance")
        bgp = found
    if bgp.vrf is None and any(map(_depends, config.instances.values())):
        raise CommandError(_DEPENDENT)
    del config.instances[bgp.vrf]
    call.changed(Effect.INSTANCES, call.daemon)


# Old lines that change nothing, which configurations still hold

_OLD = Scope((BGP,))
ROUTER.add(_OLD)


@action(_OLD, "no synchronization", "Take a line back", "Wait for the interior protocol")
def _no_synchronization(call: Call) -> None:
    return None


@action(_OLD, "no auto-summary", "Take a line back", "Announce classful networks only")
def _no_auto_summary(call: Call) -> None:
    return None
