"""What follows from changed configuration: the only place that brings running state in line."""

from typing import TYPE_CHECKING

from grammar.command import Change
from grammar.filters.model import FilterEffect
from zebra.config import InterfaceConfig
from zebra.effects import Effect
from zebra.zapi.messages import InterfaceEvent

if TYPE_CHECKING:
    from zebra.zebra import Zebra


def react(zebra: "Zebra", changes: list[Change]) -> None:
    """Carry the effects of some lines out, each once for each object."""
    for effect, target in {(change.effect, change.target): None for change in changes}:
        match effect:
            case FilterEffect():
                zebra.maps.filter_changed(effect, target)
            case Effect.ROUTER_ID:
                zebra.update_router_ids()
            case Effect.NHT:
                zebra.resolver.everything_changed()
                zebra.tracker.everything_changed()
            case Effect.PROTOCOL_MAP:
                zebra.maps.configured()
            case Effect.IMPORT_TABLE:
                zebra.imports.configured()
            case Effect() if isinstance(target, InterfaceConfig):
                _interface(zebra, effect, target)


def _interface(zebra: "Zebra", effect: Effect, config: InterfaceConfig) -> None:
    interface = zebra.interfaces.by_name.get(config.name)
    match effect:
        case Effect.ADDRESS:
            zebra.watcher.configure(config)
        case Effect.ADVERTISE:
            zebra.advertiser.configured(config)
        case Effect.ADVERTISE_INTERVAL:
            zebra.advertiser.interval_changed(config)
        case Effect.LINK:
            zebra.watcher.set_link(config)
        case Effect.LINK_STATE if interface is not None:
            zebra.watcher.recheck(interface)
            up = InterfaceEvent.UP if interface.operative else InterfaceEvent.DOWN
            zebra.interface(interface, up)
