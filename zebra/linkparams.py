"""The configured link parameters of an interface, as clients and shows have them."""

from struct import pack, unpack

from grammar.base.values import Address
from zebra.config import LinkParams
from zebra.zapi.linkparams import LinkParam, TrafficParams

_BY_FIELD = {
    "metric": LinkParam.METRIC,
    "groups": LinkParam.GROUPS,
    "neighbor": LinkParam.NEIGHBOR,
    "delay": LinkParam.DELAY,
    "variation": LinkParam.DELAY_VARIATION,
    "loss": LinkParam.LOSS,
    "residual": LinkParam.RESIDUAL,
    "available": LinkParam.AVAILABLE,
    "utilised": LinkParam.UTILISED,
}
_ALWAYS = LinkParam.MAX_BANDWIDTH | LinkParam.MAX_RESERVABLE | LinkParam.UNRESERVED


def _short(value: float | None) -> float:
    """As FRR has it, in four bytes; infinite what does not fit there."""
    try:
        return float(unpack("f", pack("f", value or 0.0))[0])
    except OverflowError:
        return float("inf")


def told(params: LinkParams) -> TrafficParams:
    """What is told of the parameters of a link; unset bandwidths are the default one."""
    given = _ALWAYS
    for field, flag in _BY_FIELD.items():
        if getattr(params, field) is not None:
            given |= flag
    delays = [int(word) for word in (params.delay or "").split() if word.isdigit()]
    if len(delays) > 1:
        given |= LinkParam.DELAY_BOUNDS
    delay, least, longest = (*delays, 0, 0, 0)[:3]
    address, _, asn = (params.neighbor or "0.0.0.0 as 0").partition(" as ")
    default = params.default_bandwidth
    return TrafficParams(
        given,
        params.metric or 0,
        _short(default if params.most is None else params.most),
        _short(default if params.reservable is None else params.reservable),
        tuple(_short(params.unreserved.get(priority, default)) for priority in range(8)),
        params.groups or 0,
        int(asn),
        Address.parse(address),
        delay,
        least,
        longest,
        params.variation or 0,
        _short(params.loss),
        _short(params.residual),
        _short(params.available),
        _short(params.utilised),
    )
