"""`segment-routing`, `srv6`, `locators`, `locator NAME`: what zebra tells and lends clients."""

from collections.abc import Iterator

from grammar.base.errors import CommandError
from grammar.command import Call, action, opens
from grammar.node import CONFIG
from grammar.scope import Block, Scope, Values
from zebra.commands.nodes import LOCATOR, LOCATORS, SEGMENT_ROUTING, SRV6
from zebra.config import LocatorConfig, ZebraConfig
from zebra.effects import Effect


def _only(zebra_config: ZebraConfig) -> list[tuple[Values, ZebraConfig]]:
    return [({}, zebra_config)]


_TOP = Scope((CONFIG,), objects=lambda zebra: [])
SEGMENTS = Scope((CONFIG,))
SEGMENTS.add(_TOP)
_SEGMENT_ROUTING = Block(
    (SEGMENT_ROUTING,),
    objects=lambda zebra: _only(zebra.config) if any(_printed(zebra.config)) else [],
    open_line=lambda values, target: "segment-routing",
)
SEGMENTS.add(_SEGMENT_ROUTING)
_SRV6 = Block((SRV6,), objects=_only, open_line=lambda values, target: "srv6", after="!")
_LOCATORS = Block(
    (LOCATORS,), objects=_only, open_line=lambda values, target: "locators", after="!"
)


def _printed(config: ZebraConfig) -> Iterator[tuple[Values, LocatorConfig]]:
    """FRR prints a locator when it has a prefix."""
    for locator in config.locators.values():
        if locator.prefix is not None:
            yield {"name": locator.name}, locator


_LOCATOR = Block(
    (LOCATOR,),
    objects=_printed,
    open_line=lambda values, target: f"locator {values['name']}",
    after="!",
)


@opens(_TOP, "segment-routing", "Segment routing", into=SEGMENT_ROUTING)
def segment_routing(call: Call) -> ZebraConfig:
    """Into the node."""
    config: ZebraConfig = call.daemon.config
    return config


@opens(_SEGMENT_ROUTING, "srv6", "Segment routing over IPv6", into=SRV6)
def srv6(call: Call) -> ZebraConfig:
    """Into the node."""
    config: ZebraConfig = call.target()
    return config


@action(_SEGMENT_ROUTING, "no srv6", "Remove", "Segment routing over IPv6")
def no_srv6(call: Call) -> None:
    """All locators go."""
    locators: dict[str, LocatorConfig] = call.target().locators
    gone = list(locators.values())
    locators.clear()
    for each in gone:
        call.changed(Effect.LOCATOR, each)


_SEGMENT_ROUTING.add(_SRV6)


@opens(_SRV6, "locators", "Prefixes of segments", into=LOCATORS)
def locators(call: Call) -> ZebraConfig:
    """Into the node."""
    config: ZebraConfig = call.target()
    return config


_SRV6.add(_LOCATORS)


@opens(_LOCATORS, "locator WORD$name", "A prefix of segments", "Its name", into=LOCATOR)
def locator(call: Call) -> LocatorConfig:
    """Into the node of the locator, which exists when it has a prefix."""
    name: str = call.values["name"]
    config: ZebraConfig = call.target()
    return config.locators.setdefault(name, LocatorConfig(name))


@action(_LOCATORS, "no locator WORD$name", "Remove", "A prefix of segments", "Its name")
def no_locator(call: Call) -> None:
    """Forget it."""
    config: ZebraConfig = call.target()
    known = config.locators.get(call.values["name"])
    if known is None or known.prefix is None:
        raise CommandError("% Can't find SRv6 locator")
    del config.locators[known.name]
    call.changed(Effect.LOCATOR, known)


_LOCATORS.add(_LOCATOR)


def _prefix(locator: LocatorConfig, names: Values) -> Iterator[str]:
    if locator.prefix is not None:
        bits = "" if locator.function_bits is None else f" func-bits {locator.function_bits}"
        yield f"prefix {locator.prefix}{bits}"


@action(
    _LOCATOR,
    "prefix X:X::X:X/M$prefix [func-bits (16-64)$bits]",
    "The prefix",
    "IPv6",
    "How long functions are",
    "Bits",
    printer=_prefix,
)
def prefix(call: Call) -> None:
    """The prefix as typed, with its host bits."""
    target: LocatorConfig = call.target()
    if target.prefix is None:
        # FRR's come into their list, which prints, with the first prefix.
        locators: dict[str, LocatorConfig] = call.daemon.config.locators
        locators.pop(target.name, None)
        locators[target.name] = target
    target.prefix = call.values["prefix"]
    target.function_bits = call.values.get("bits")
    call.changed(Effect.LOCATOR, target)
