"""`ipv6 nd ...` of an interface: router advertisements (RFC 4861 section 6.2.1)."""

from collections.abc import Callable, Iterator
from typing import Any

from grammar.base.errors import CommandError
from grammar.base.values import Prefix
from grammar.command import Call, action
from grammar.node import INTERFACE
from grammar.scope import Scope, Values
from zebra.config import (
    INFINITE,
    AdvertConfig,
    AdvertisedPrefix,
    InterfaceConfig,
)
from zebra.effects import Effect
from zebra.kernel.api import IFF_LOOPBACK

ADVERTISE = Scope((INTERFACE,))
_SECONDS = "Seconds"
_MILLISECONDS = "Milliseconds"
_ND = ("IPv6", "Neighbour discovery")


def _changed(call: Call) -> None:
    call.changed(Effect.ADVERTISE, call.target())


def _advert(call: Call) -> AdvertConfig:
    config: InterfaceConfig = call.target()
    return config.advert


def _put(call: Call, field: str, value: object) -> None:
    advert = _advert(call)
    if getattr(advert, field) != value:
        setattr(advert, field, value)
        _changed(call)


_DEFAULTS = AdvertConfig()


def _printer(words: str, field: str) -> Callable[[InterfaceConfig, Values], Iterator[str]]:
    def lines(config: InterfaceConfig, names: Values) -> Iterator[str]:
        value = getattr(config.advert, field)
        if value == getattr(_DEFAULTS, field):
            return
        if isinstance(value, bool):
            yield words if value else f"no {words}"
        else:
            yield f"{words} {value}"

    return lines


def _number(words: str, values: str, field: str, *help: str, check: Any = None) -> None:
    notation = f"ipv6 nd {words}"
    variable = f"{values}$value" if values.startswith("(") else values

    @action(ADVERTISE, f"{notation} {variable}", *_ND, *help, printer=_printer(notation, field))
    def put(call: Call) -> None:
        value = call.values["value"]
        if check is not None:
            check(_advert(call), value)
        _put(call, field, value)

    @action(ADVERTISE, f"no {notation} [{variable}]", "Not", *_ND, *help)
    def clear(call: Call) -> None:
        _put(call, field, getattr(_DEFAULTS, field))


def _switch(words: str, field: str, help: str) -> None:
    notation = f"ipv6 nd {words}"

    @action(ADVERTISE, notation, *_ND, help, printer=_printer(notation, field))
    def on(call: Call) -> None:
        _put(call, field, True)

    @action(ADVERTISE, f"no {notation}", "Not", *_ND, help)
    def off(call: Call) -> None:
        _put(call, field, False)


# --- lines in printed order -----------------------------------------------------------------------


def _suppress(call: Call, value: bool, blanks: str) -> None:
    config: InterfaceConfig = call.target()
    interface = call.daemon.interfaces.by_name.get(config.name)
    if interface is not None and interface.link.flags & IFF_LOOPBACK:
        raise CommandError(f"Cannot configure IPv6 Router Advertisements on this{blanks}interface")
    _put(call, "suppress", value)


_SUPPRESS = "ipv6 nd suppress-ra"
_SUPPRESS_HELP = (*_ND, "Send no router advertisements")


@action(ADVERTISE, _SUPPRESS, *_SUPPRESS_HELP, printer=_printer(_SUPPRESS, "suppress"))
def suppress(call: Call) -> None:
    """The default."""
    _suppress(call, True, "  ")  # FRR's own two blanks


@action(ADVERTISE, f"no {_SUPPRESS}", "Not", *_SUPPRESS_HELP)
def no_suppress(call: Call) -> None:
    """Send them."""
    _suppress(call, False, " ")


def _interval_lines(config: InterfaceConfig, names: Values) -> Iterator[str]:
    interval = config.advert.interval
    if interval != _DEFAULTS.interval:
        seconds, rest = divmod(interval, 1000)
        yield f"ipv6 nd ra-interval {f'msec {interval}' if rest else seconds}"


_INTERVAL = "ipv6 nd ra-interval"
_INTERVAL_HELP = (*_ND, "Time between advertisements")


def _set_interval(call: Call, milliseconds: int) -> None:
    advert = _advert(call)
    # As FRR does, seconds are compared with milliseconds: nothing of use is ever refused.
    if advert.lifetime is not None and milliseconds > advert.lifetime * 1_000_000:
        raise CommandError("This ra-interval would conflict with configured ra-lifetime!")
    _put(call, "interval", milliseconds)
    call.changed(Effect.ADVERTISE_INTERVAL, call.target())


@action(
    ADVERTISE,
    f"{_INTERVAL} (1-1800)$seconds",
    *_INTERVAL_HELP,
    _SECONDS,
    printer=_interval_lines,
)
def interval(call: Call) -> None:
    """In seconds."""
    _set_interval(call, call.values["seconds"] * 1000)


@action(
    ADVERTISE,
    f"{_INTERVAL} msec (70-1800000)$milliseconds",
    *_INTERVAL_HELP,
    "In milliseconds",
    _MILLISECONDS,
)
def interval_msec(call: Call) -> None:
    """In milliseconds."""
    _set_interval(call, call.values["milliseconds"])


@action(
    ADVERTISE,
    f"no {_INTERVAL} [<(1-1800)|msec (1-1800000)>]",
    "Not",
    *_INTERVAL_HELP,
    _SECONDS,
    "In milliseconds",
    _MILLISECONDS,
)
def no_interval(call: Call) -> None:
    """The default, ten minutes."""
    _put(call, "interval", _DEFAULTS.interval)


def _check_lifetime(advert: AdvertConfig, value: int) -> None:
    if value and value * 1000 < advert.interval:
        raise CommandError("This ra-lifetime would conflict with configured ra-interval")


_switch("adv-interval-option", "interval_option", "Tell the interval")
_switch("ra-fast-retrans", "fast", "The first ones quickly, and answer each solicitation")
_number(
    "ra-retrans-interval",
    "(0-4294967295)",
    "retransmit",
    "Time between solicitations of neighbours",
    _MILLISECONDS,
)
_number("ra-hop-limit", "(0-255)", "hop_limit", "Hop limit for hosts", "Hops")
_number(
    "ra-lifetime",
    "(0-9000)",
    "lifetime",
    "How long this is a default router",
    _SECONDS,
    check=_check_lifetime,
)
_number(
    "home-agent-preference", "(0-65535)", "agent_preference", "Preference as home agent", "Value"
)
_number("home-agent-lifetime", "(0-65520)", "agent_lifetime", "Lifetime as home agent", _SECONDS)
_switch("home-agent-config-flag", "home_agent", "This is a home agent")
_number(
    "reachable-time", "(1-3600000)", "reachable", "How long neighbours are reachable", _MILLISECONDS
)
_switch("managed-config-flag", "managed", "Hosts get addresses by DHCP")
_switch("other-config-flag", "other", "Hosts get other things by DHCP")
_number(
    "router-preference",
    "<high$value|medium$value|low$value>",
    "preference",
    "Preference as default router",
    "High",
    "Medium, the default",
    "Low",
)
_number("mtu", "(1-65535)", "mtu", "MTU of the link", "Bytes")


# --- prefixes, name servers, search domains -------------------------------------------------------


def _seconds(value: object) -> int:
    return INFINITE if value == "infinite" else int(str(value))


def _lifetime(seconds: int) -> str:
    return "infinite" if seconds == INFINITE else str(seconds)


def _prefix_lines(config: InterfaceConfig, names: Values) -> Iterator[str]:
    default = AdvertisedPrefix()

    def order(prefix: Prefix) -> tuple[int, int]:
        return prefix.length, prefix.value

    for prefix in sorted(config.advert.prefixes, key=order):
        what = config.advert.prefixes[prefix]
        words = [f"ipv6 nd prefix {prefix}"]
        lifetimes = (what.valid, what.preferred)
        if lifetimes != (default.valid, default.preferred):
            words += map(_lifetime, lifetimes)
        for word, typed in (
            ("off-link", not what.on_link),
            ("no-autoconfig", not what.autonomous),
            ("router-address", what.router_address),
        ):
            if typed:
                words.append(word)
        yield " ".join(words)


_PREFIX = (
    "ipv6 nd prefix X:X::X:X/M$prefix"
    " [<(0-4294967295)$valid|infinite$valid> <(0-4294967295)$preferred|infinite$preferred>]"
    " [<router-address$router|off-link$off [no-autoconfig$manual]"
    "|no-autoconfig$manual [off-link$off]>]"
)
_PREFIX_HELP = (
    *_ND,
    "Announce a prefix",
    "The prefix",
    "Seconds it is valid",
    "For ever",
    "Seconds it is preferred",
    "For ever",
    "It holds the router's address",
    "Not for finding out what is on the link",
    "Not for making addresses",
    "Not for making addresses",
    "Not for finding out what is on the link",
)


@action(ADVERTISE, _PREFIX, *_PREFIX_HELP, printer=_prefix_lines)
def prefix(call: Call) -> None:
    """Announce it, in the place of what was typed of it before."""
    values = call.values
    default = AdvertisedPrefix()
    valid, preferred = default.valid, default.preferred
    if "valid" in values:
        valid, preferred = _seconds(values["valid"]), _seconds(values["preferred"])
    if preferred > valid:
        raise CommandError("Invalid preferred lifetime")
    what = AdvertisedPrefix(
        valid, preferred, "off" not in values, "manual" not in values, "router" in values
    )
    _advert(call).prefixes[values["prefix"].network] = what
    _changed(call)


@action(ADVERTISE, f"no {_PREFIX}", "Not", *_PREFIX_HELP)
def no_prefix(call: Call) -> None:
    """Announce it no more, however it was."""
    if _advert(call).prefixes.pop(call.values["prefix"].network, _NONE) is _NONE:
        raise CommandError("Non-existant IPv6 prefix")
    _changed(call)


_NONE = object()


def _listed(words: str, variable: str, field: str, missing: str, *help: str) -> None:
    """A list of names or addresses, each with a lifetime of its own or without."""

    def lines(config: InterfaceConfig, names: Values) -> Iterator[str]:
        for name, seconds in getattr(config.advert, field).items():
            end = "" if seconds is None else f" {_lifetime(seconds)}"
            yield f"ipv6 nd {words} {name}{end}"

    def name_of(call: Call) -> object:
        name = call.values["name"]
        return name.removesuffix(".") if isinstance(name, str) else name

    notation = f"ipv6 nd {words} {variable}$name [<(0-4294967295)$lifetime|infinite$lifetime>]"
    texts = (*_ND, *help, "Seconds it may be used", "For ever")

    @action(ADVERTISE, notation, *texts, printer=lines)
    def put(call: Call) -> None:
        lifetime = call.values.get("lifetime")
        seconds = None if lifetime is None else _seconds(lifetime)
        getattr(_advert(call), field)[name_of(call)] = seconds
        _changed(call)

    @action(ADVERTISE, f"no {notation}", "Not", *texts)
    def remove(call: Call) -> None:
        if getattr(_advert(call), field).pop(name_of(call), _NONE) is _NONE:
            raise CommandError(missing)
        _changed(call)


_listed(
    "rdnss", "X:X::X:X", "servers", "Non-existant RDNSS address", "A name server", "Its address"
)
_listed(
    "dnssl",
    "SUFFIX",
    "domains",
    "Non-existant DNS search domain",
    "A domain to search",
    "Its name",
)
