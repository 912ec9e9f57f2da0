"""Link parameters as FRR's text and JSON show them below an interface."""

from collections.abc import Iterator

from grammar.output.jsonc import Json
from zebra.config import LinkParams
from zebra.linkparams import told
from zebra.zapi.linkparams import LinkParam, TrafficParams


def params_text(config: LinkParams | None) -> Iterator[str]:
    """The lines of `show interface`; none without parameters."""
    if config is None:
        return
    params = told(config)
    given = params.given
    yield "  Traffic Engineering Link Parameters:\n"
    if LinkParam.METRIC in given:
        yield f"    TE metric {params.metric}\n"
    yield f"    Maximum Bandwidth {params.max_bandwidth:g} (Byte/s)\n"
    yield f"    Maximum Reservable Bandwidth {params.max_reservable:g} (Byte/s)\n"
    yield "    Unreserved Bandwidth per Class Type in Byte/s:\n"
    cells = [f"[{at}]: {value:g} (Bytes/sec)" for at, value in enumerate(params.unreserved)]
    for one, other in zip(cells[::2], cells[1::2], strict=True):
        yield f"      {one},\t{other}\n"
    if LinkParam.GROUPS in given:
        yield f"    Administrative Group:{params.groups}\n"
    yield from _measured(params)
    if LinkParam.NEIGHBOR in given:
        yield f"    Neighbor ASBR IP: {params.neighbor} AS: {params.neighbor_as} \n"


def _measured(params: TrafficParams) -> Iterator[str]:
    given = params.given
    if LinkParam.DELAY in given:
        bounds = ""
        if LinkParam.DELAY_BOUNDS in given:
            bounds = f" Min:  {params.least_delay} (micro-sec.)"
            bounds += f" Max:  {params.longest_delay} (micro-sec.)"
        yield f"    Link Delay Average: {params.delay} (micro-sec.){bounds}\n"
    if LinkParam.DELAY_VARIATION in given:
        yield f"    Link Delay Variation {params.delay_variation} (micro-sec.)\n"
    if LinkParam.LOSS in given:
        yield f"    Link Packet Loss {params.loss:g} (in %)\n"
    for flag, word, value in (
        (LinkParam.AVAILABLE, "Available", params.available),
        (LinkParam.RESIDUAL, "Residual", params.residual),
        (LinkParam.UTILISED, "Utilized", params.utilised),
    ):
        if flag in given:
            yield f"    {word} Bandwidth {value:g} (Byte/s)\n"


def params_json(config: LinkParams | None) -> dict[str, Json]:
    """The member of `show interface json`; nothing without parameters."""
    if config is None:
        return {}
    params = told(config)
    given = params.given
    out: dict[str, Json] = {}
    if LinkParam.METRIC in given:
        out["teMetric"] = params.metric
    out["maximumBandwidth"] = params.max_bandwidth
    out["maximumReservableBandwidth"] = params.max_reservable
    out["unreservedBandwidth"] = {
        f"classType{at}": value for at, value in enumerate(params.unreserved)
    }
    rows: tuple[tuple[LinkParam, str, Json], ...] = (
        (LinkParam.GROUPS, "administrativeGroup", params.groups),
        (LinkParam.DELAY, "linkDelayAverage", params.delay),
        (LinkParam.DELAY_BOUNDS, "linkDelayMinimum", params.least_delay),
        (LinkParam.DELAY_BOUNDS, "linkDelayMaximum", params.longest_delay),
        (LinkParam.DELAY_VARIATION, "linkDelayVariation", params.delay_variation),
        (LinkParam.LOSS, "linkPacketLoss", params.loss),
        (LinkParam.AVAILABLE, "availableBandwidth", params.available),
        (LinkParam.RESIDUAL, "residualBandwidth", params.residual),
        (LinkParam.UTILISED, "utilizedBandwidth", params.utilised),
        (LinkParam.NEIGHBOR, "neighborAsbrIp", str(params.neighbor)),
    )
    out |= {name: value for flag, name, value in rows if flag in given}
    # FRR prints the number also without a neighbour.
    out["neighborAsbrAs"] = params.neighbor_as
    return {"trafficEngineeringLinkParameters": out}
