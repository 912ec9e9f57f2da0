"""VNIs as FRR's text and JSON."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from grammar.base.values import Address
from grammar.output.jsonc import Json
from zebra.evpn.state import COPIED, Vni

Named = Callable[[int], str]
"""The name of an interface, by its number."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What holds for all VNIs; `left` are the seconds for which segments stay down, or None."""

    l2: int
    detects: bool
    moves: int
    window: int
    freeze: int
    mac_holdtime: int
    neigh_holdtime: int
    startup_delay: int
    left: int | None
    l3: int = 0


def _clock(seconds: int | None) -> str:
    if seconds is None:
        return "--:--:--"
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def settings_text(of: Settings) -> Iterator[str]:
    """`show evpn`."""
    yield f"L2 VNIs: {of.l2}\nL3 VNIs: {of.l3}\n"
    yield "Advertise gateway mac-ip: No\nAdvertise svi mac-ip: No\nAdvertise svi mac: No\n"
    yield f"Duplicate address detection: {'Enable' if of.detects else 'Disable'}\n"
    if of.detects:
        yield f"  Detection max-moves {of.moves}, time {of.window}\n"
        if of.freeze:
            yield f"  Detection freeze {of.freeze}\n"
    yield "EVPN MH:\n"
    yield f"  mac-holdtime: {of.mac_holdtime}s, neigh-holdtime: {of.neigh_holdtime}s\n"
    yield f"  startup-delay: {of.startup_delay}s, start-delay-timer: {_clock(of.left)}\n"
    yield "  uplink-cfg-cnt: 0, uplink-active-cnt: 0\n"
    if of.left is not None:
        yield "  protodown reasons: (startup-delay)\n"


def settings_json(of: Settings) -> Json:
    """`show evpn json`."""
    out: dict[str, Json] = {
        "advertiseGatewayMacip": "No",
        "numVnis": of.l2 + of.l3,
        "numL2Vnis": of.l2,
        "numL3Vnis": of.l3,
    }
    if of.detects:
        out |= {
            "isDuplicateAddrDetection": True,
            "maxMoves": of.moves,
            "detectionTime": of.window,
            "detectionFreezeTime": of.freeze,
        }
    out |= {
        "macHoldtime": of.mac_holdtime,
        "neighHoldtime": of.neigh_holdtime,
        "startupDelay": of.startup_delay,
        "startupDelayTimer": _clock(of.left),
        "uplinkConfigCount": 0,
        "uplinkActiveCount": 0,
    }
    if of.left is not None:
        out["protodownReasons"] = ["startupDelay"]
    return out


# --- VNIs ----------------------------------------------------------------------------------------


def _counts(vni: Vni) -> tuple[int, int]:
    return len(list(vni.known_macs())), len(vni.hosts)


def _vteps(vni: Vni) -> list[Address]:
    return sorted(vni.vteps)


def list_text(vnis: Iterable[Vni], named: Named) -> Iterator[str]:
    """`show evpn vni`."""
    form = "{:<10} {:<4} {:<21} {:<8} {:<8} {:<15} {:<37}\n"
    titles = ("# MACs", "# ARPs", "# Remote VTEPs")
    yield form.format("VNI", "Type", "VxLAN IF", *titles, "Tenant VRF")
    for vni in vnis:
        counts = (*_counts(vni), len(vni.vteps))
        yield form.format(vni.number, "L2", named(vni.ifindex), *counts, "default")


def list_json(vnis: Iterable[Vni], named: Named) -> Json:
    """`show evpn vni json`."""
    out: dict[str, Json] = {}
    for vni in vnis:
        macs, hosts = _counts(vni)
        row: dict[str, Json] = {
            "vni": vni.number,
            "type": "L2",
            "vxlanIf": named(vni.ifindex),
            "numMacs": macs,
            "numArpNd": hosts,
            "numRemoteVteps": len(vni.vteps),
            "tenantVrf": "default",
        }
        if vni.vteps:
            row["remoteVteps"] = [str(vtep) for vtep in _vteps(vni)]
        out[str(vni.number)] = row
    return out


def detail_text(vni: Vni, named: Named) -> Iterator[str]:
    """`show evpn vni N`."""
    macs, hosts = _counts(vni)
    yield f"VNI: {vni.number}\n Type: L2\n Tenant VRF: default\n"
    yield f" VxLAN interface: {named(vni.ifindex)}\n VxLAN ifIndex: {vni.ifindex}\n"
    yield f" SVI interface: {named(vni.svi) if vni.svi else ''}\n SVI ifIndex: {vni.svi}\n"
    yield f" Local VTEP IP: {vni.vtep}\n Mcast group: {vni.group}\n"
    if vni.vteps:
        yield " Remote VTEPs for this VNI:\n"
        for vtep in _vteps(vni):
            yield f"  {vtep} flood: {_flood(vni, vtep)}\n"
    else:
        yield " No remote VTEPs known for this VNI\n"
    yield f" Number of MACs (local and remote) known for this VNI: {macs}\n"
    yield f" Number of ARPs (IPv4 and IPv6, local and remote) known for this VNI: {hosts}\n"
    yield " Advertise-gw-macip: No\n Advertise-svi-macip: No\n"


def _flood(vni: Vni, vtep: Address) -> str:
    return "HER" if vni.vteps[vtep] == COPIED else "-"


def detail_json(vni: Vni, named: Named) -> dict[str, Json]:
    """`show evpn vni N json`."""
    macs, hosts = _counts(vni)
    out: dict[str, Json] = {
        "vni": vni.number,
        "type": "L2",
        "vrf": "default",
        "vxlanInterface": named(vni.ifindex),
        "ifindex": vni.ifindex,
    }
    if vni.svi:
        out |= {"sviInterface": named(vni.svi), "sviIfindex": vni.svi}
    out |= {
        "vtepIp": str(vni.vtep),
        "mcastGroup": str(vni.group),
        "advertiseGatewayMacip": "No",
        "advertiseSviMacip": "No",
        "numMacs": macs,
        "numArpNd": hosts,
    }
    if vni.vteps:
        out["numRemoteVteps"] = [str(vtep) for vtep in _vteps(vni)]
    return out
