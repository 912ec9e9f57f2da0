"""What follows from changed configuration: the only place that brings running state in line."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from grammar.command import Change
from grammar.filters.model import FilterEffect
from zebra.config import InterfaceConfig, LocatorConfig, VrfConfig, ZebraConfig
from zebra.effects import Effect
from zebra.linklines import LinkLines
from zebra.outcome import BATCH
from zebra.zapi.messages import InterfaceEvent

if TYPE_CHECKING:
    from zebra.zebra import Zebra


_LINES: dict[Effect, Callable[[LinkLines, InterfaceConfig], None]] = {
    Effect.ADDRESS: LinkLines.configure,
    Effect.LINK: LinkLines.set_link,
    Effect.MULTICAST: LinkLines.set_multicast,
    Effect.LABELS: LinkLines.take_labels,
}


def react(zebra: "Zebra", changes: list[Change]) -> None:
    """Carry the effects of some lines out, each once for each object."""
    once = {(change.effect, change.target): None for change in changes}
    filters = {(effect, name) for effect, name in once if isinstance(effect, FilterEffect)}
    if filters:
        zebra.maps.filters_changed(filters)
    for effect, target in once:
        match effect:
            case Effect.ROUTER_ID:
                zebra.router_ids.update()
            case Effect.NHT if isinstance(target, VrfConfig):
                _next_hops(zebra, target)
            case Effect.PROTOCOL_MAP if isinstance(target, VrfConfig):
                zebra.maps.configured(target)
            case Effect.LOCATOR if isinstance(target, LocatorConfig):
                zebra.allotments.locators.configured(target)
            case Effect() if isinstance(target, InterfaceConfig):
                _interface(zebra, effect, target)
            case Effect() if isinstance(target, ZebraConfig):
                _process(zebra, effect, target)


def _process(zebra: "Zebra", effect: Effect, config: ZebraConfig) -> None:
    match effect:
        case Effect.NEXTHOP_OBJECTS:
            zebra.fib.use_objects(own=config.kernel_objects, given=config.client_objects)
        case Effect.OTHERS_ROUTES:
            zebra.losses.allowed = config.others_may
        case Effect.QUEUE_LIMIT:
            zebra.fib.most = _most(config)
        case Effect.SWITCHED:
            zebra.switcher.configured()
        case Effect.BOUND:
            zebra.allotments.fecs.configured()
        case Effect.IMPORT_TABLE:
            zebra.imports.configured()


def _next_hops(zebra: "Zebra", config: VrfConfig) -> None:
    vrf = zebra.rib.named(config.name)
    if vrf is not None:
        zebra.resolver.everything_changed()
        vrf.tracker.everything_changed()


def _interface(zebra: "Zebra", effect: Effect, config: InterfaceConfig) -> None:
    vrf = zebra.rib.named(config.vrf)
    if vrf is None:
        return
    namespace = vrf.namespace
    interface = namespace.interfaces.by_name.get(config.name)
    match effect:
        case Effect.ADVERTISE:
            namespace.advertiser.configured(config)
        case Effect.ADVERTISE_INTERVAL:
            namespace.advertiser.interval_changed(config)
        case Effect.LINK_PARAMS if interface is not None:
            zebra.news.params(interface)
        case Effect.BANDWIDTH if interface is not None and interface.operative:
            zebra.news.interface(interface, InterfaceEvent.UP)
        case _ if effect in _LINES:
            _LINES[effect](namespace.watcher.lines, config)
        case Effect.LINK_STATE if interface is not None:
            namespace.watcher.detect(interface)


def _most(config: ZebraConfig) -> int:
    limit = config.queue_limit
    return BATCH if limit is None else min(max(1, limit), BATCH)
