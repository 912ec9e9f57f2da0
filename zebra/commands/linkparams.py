"""`link-params` of an interface: what traffic engineering (RFC 3630, RFC 7471) tells of a link.

Clients that want to know interfaces are told of them.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

from grammar.base.errors import CommandError
from grammar.command import Call, action, opens
from grammar.node import INTERFACE
from grammar.scope import Block, Scope, Values
from zebra.commands.nodes import LINK_PARAMS
from zebra.config import InterfaceConfig, LinkParams
from zebra.effects import Effect

PARAMS = Scope((INTERFACE,))
_BLOCK = Block(
    (LINK_PARAMS,),
    objects=lambda config: [({}, config)] if config.params is not None else [],
    open_line=lambda values, target: "link-params",
    close_line="exit-link-params",
)
_MOST_LOSS = 50.331642
"""Percent: 24 bits of 0.000003 each (RFC 7471 section 4.4)."""

Printer = Callable[[InterfaceConfig, Values], Iterator[str]]


@opens(PARAMS, "link-params", "What traffic engineering tells of the link", into=LINK_PARAMS)
def link_params(call: Call) -> InterfaceConfig:
    """Into the node; the first line in it makes them."""
    config: InterfaceConfig = call.target()
    return config


PARAMS.add(_BLOCK)


def _default_bandwidth(call: Call) -> float:
    """Bytes a second from Mbit/s, with FRR's overflow at 32 bits; 10 Mbit/s if nothing is known."""
    config: InterfaceConfig = call.target()
    interface = call.daemon.interfaces.by_name.get(config.name)
    megabits = config.bandwidth or (interface.link.speed if interface is not None else 0) or 10
    return (megabits * 1_000_000 & 0xFFFFFFFF) / 8


def _params(call: Call) -> LinkParams:
    config: InterfaceConfig = call.target()
    call.changed(Effect.LINK_PARAMS, config)
    if config.params is None:
        config.params = LinkParams(default_bandwidth=_default_bandwidth(call))
    return config.params


def _text(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _printer(word: str, field: str, form: Callable[[Any], str] = _text) -> Printer:
    def lines(config: InterfaceConfig, names: Values) -> Iterator[str]:
        value = getattr(config.params, field)
        if value is not None:
            yield f"{word} {form(value)}"

    return lines


def _enabled(config: InterfaceConfig, names: Values) -> Iterator[str]:
    yield "enable"


@action(_BLOCK, "enable", "Have link parameters", printer=_enabled)
def enable(call: Call) -> None:
    """With the defaults."""
    _params(call)


@action(_BLOCK, "no enable", "Not", "Have link parameters")
def no_enable(call: Call) -> None:
    """Forget them all."""
    config: InterfaceConfig = call.target()
    config.params = None
    call.changed(Effect.LINK_PARAMS, config)


def _clear(word: str, field: str, help: str) -> None:
    @action(_BLOCK, f"no {word}", "Not", help)
    def clear(call: Call) -> None:
        config: InterfaceConfig = call.target()
        if config.params is not None:
            setattr(config.params, field, None)
            call.changed(Effect.LINK_PARAMS, config)


@action(
    _BLOCK,
    "metric (0-4294967295)$value",
    "Metric",
    "Value",
    printer=_printer("metric", "metric"),
)
def metric(call: Call) -> None:
    """0 is none."""
    _params(call).metric = call.values["value"] or None


_clear("metric", "metric", "Metric")


def _malformed(name: str) -> CommandError:
    return CommandError(f"link_params_{name}: fscanf: Resource temporarily unavailable")


_FLOAT = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.IGNORECASE)


def _number(text: str, name: str) -> float:
    """As C's scanf: the number that the text begins with."""
    found = _FLOAT.match(text)
    if found is None:
        raise _malformed(name)
    return float(found[0])


def _most(params: LinkParams) -> float:
    return params.default_bandwidth if params.most is None else params.most


def _others(params: LinkParams) -> Iterator[float]:
    default = params.default_bandwidth
    yield default if params.reservable is None else params.reservable
    for priority in range(8):
        yield params.unreserved.get(priority, default)
    for value in (params.available, params.residual, params.utilised):
        if value is not None:
            yield value


@action(
    _BLOCK,
    "max-bw BANDWIDTH$value",
    "What the link can carry",
    "Bytes a second",
    printer=_printer("max-bw", "most"),
)
def max_bw(call: Call) -> None:
    """No less than any other bandwidth."""
    params = _params(call)
    value = _number(call.values["value"], "maxbw")
    if value < max(_others(params)):
        raise CommandError("Maximum Bandwidth could not be lower than others bandwidth")
    params.most = None if value == params.default_bandwidth else value


def _bandwidth(call: Call, what: str, name: str) -> float:
    params = _params(call)
    value = _number(call.values["value"], name)
    if value > _most(params):
        text = f"{what} Bandwidth could not be greater than Maximum Bandwidth"
        raise CommandError(f"{text} ({_most(params):g})")
    return value


@action(
    _BLOCK,
    "max-rsv-bw BANDWIDTH$value",
    "What may be reserved",
    "Bytes a second",
    printer=_printer("max-rsv-bw", "reservable"),
)
def max_rsv_bw(call: Call) -> None:
    """No more than the link can carry."""
    value, params = _bandwidth(call, "Maximum Reservable", "max_rsv_bw"), _params(call)
    params.reservable = None if value == params.default_bandwidth else value


def _unreserved(config: InterfaceConfig, names: Values) -> Iterator[str]:
    params = config.params
    for priority, value in sorted(params.unreserved.items() if params is not None else ()):
        yield f"unrsv-bw {priority} {value:g}"


@action(
    _BLOCK,
    "unrsv-bw (0-7)$priority BANDWIDTH$value",
    "What is not reserved yet",
    "At a priority",
    "Bytes a second",
    printer=_unreserved,
)
def unrsv_bw(call: Call) -> None:
    """By priority."""
    value, params = _bandwidth(call, "UnReserved", "unrsv_bw"), _params(call)
    params.unreserved[call.values["priority"]] = value
    if value == params.default_bandwidth:
        del params.unreserved[call.values["priority"]]


@action(
    _BLOCK,
    "admin-grp BITPATTERN$value",
    "Groups the link belongs to",
    "Bits, as a hexadecimal number",
    printer=_printer("admin-grp", "groups", lambda value: f"0x{value:x}"),
)
def admin_grp(call: Call) -> None:
    """As 0x and hexadecimal digits."""
    text, params = call.values["value"].lower(), _params(call)
    try:
        if not text.startswith("0x"):
            raise ValueError
        params.groups = int(text, 16) & 0xFFFFFFFF
    except ValueError:
        raise _malformed("admin_grp") from None


_clear("admin-grp", "groups", "Groups the link belongs to")


@action(
    _BLOCK,
    "delay (0-16777215)$delay [min (0-16777215)$least max (0-16777215)$longest]",
    "Delay of the link",
    "Microseconds",
    "The least",
    "Microseconds",
    "The longest",
    "Microseconds",
    printer=_printer("delay", "delay"),
)
def delay(call: Call) -> None:
    """Alone, or with its bounds."""
    value: int = call.values["delay"]
    if "least" not in call.values:
        _params(call).delay = str(value)
        return
    least, longest = call.values["least"], call.values["longest"]
    if not least <= value <= longest:
        text = f"Average delay should be in range Min ({least}) - Max ({longest}) delay"
        raise CommandError(text)
    _params(call).delay = f"{value} min {least} max {longest}"


_clear("delay", "delay", "Delay of the link")


@action(
    _BLOCK,
    "delay-variation (0-16777215)$value",
    "How much the delay varies",
    "Microseconds",
    printer=_printer("delay-variation", "variation"),
)
def delay_variation(call: Call) -> None:
    """In microseconds."""
    _params(call).variation = call.values["value"]


_clear("delay-variation", "variation", "How much the delay varies")


@action(
    _BLOCK,
    "packet-loss PERCENTAGE$value",
    "How much the link loses",
    "Percent",
    printer=_printer("packet-loss", "loss"),
)
def packet_loss(call: Call) -> None:
    """No more than can be told."""
    params = _params(call)
    params.loss = min(_number(call.values["value"], "pkt_loss"), _MOST_LOSS)


_clear("packet-loss", "loss", "How much the link loses")


def _measured(word: str, field: str, what: str, name: str, help: str) -> None:
    @action(
        _BLOCK,
        f"{word} BANDWIDTH$value",
        help,
        "Bytes a second",
        printer=_printer(word, field),
    )
    def put(call: Call) -> None:
        setattr(_params(call), field, _bandwidth(call, what, name))

    _clear(word, field, help)


_measured("ava-bw", "available", "Available", "ava_bw", "What is free")
_measured("res-bw", "residual", "Residual", "res_bw", "What is left")
_measured("use-bw", "utilised", "Utilised", "use_bw", "What is used")


@action(
    _BLOCK,
    "neighbor A.B.C.D$address as (1-4294967295)$asn",
    "The router at the other end",
    "Its address",
    "Its autonomous system",
    "Number",
    printer=_printer("neighbor", "neighbor"),
)
def neighbor(call: Call) -> None:
    """For links between autonomous systems (RFC 5392)."""
    _params(call).neighbor = "{address} as {asn}".format(**call.values)


_clear("neighbor", "neighbor", "The router at the other end")
