"""Lines of `address-family ... unicast` on routes for and from VPNs and other instances.

FRR has them exclude each other: `import vrf` does by itself what the lines on VPNs say.
"""

from collections.abc import Callable, Iterator

from bgp.commands.familynodes import NODE_OF
from bgp.commands.nodes import UNICAST, family_of
from bgp.commands.policy import MAP, warn_missing
from bgp.commands.router import new_instance
from bgp.config import BgpdConfig, Family, FamilyConfig
from bgp.leakconfig import LeakConfig
from bgp.policy.communities import extended_value
from bgp.wire.distinguisher import distinguisher_text, parse_distinguisher
from grammar.base.errors import CommandError, Status
from grammar.base.values import Afi
from grammar.command import Answer, Call, Reply, action
from grammar.scope import Scope, Values

_DEFAULT = "default"
_BY_VRFS = "% error: Please unconfigure import vrf commands before using vpn commands"
_BY_VPN = "% error: Please unconfigure vpn to vrf commands before using import vrf commands"
_NO_VIEW = "% import|export vpn valid only for bgp vrf or default instance"
_MALFORMED = "Malformed community-list value"
_NEIGHBOR_SIDS = "it's already configured as {}-mode."
_VPN, _EXPORT = "Virtual private networks", "For routes that go there"
_TARGETS = ("Route targets", "The same")


def _vpn(call: Call) -> LeakConfig:
    family: FamilyConfig = call.target()
    return family.leak


def _for_vpn(call: Call) -> LeakConfig:
    """The lines of a family that has no `import vrf`."""
    vpn = _vpn(call)
    if vpn.vrfs:
        raise CommandError(_BY_VRFS)
    return vpn


def _for_vrfs(call: Call) -> LeakConfig:
    """The lines of a family that neither imports from nor exports to VPNs."""
    vpn = _vpn(call)
    if vpn.imports or vpn.exports:
        raise CommandError(_BY_VPN)
    return vpn


# What prints


def _targets_lines(vpn: LeakConfig) -> Iterator[str]:
    if vpn.rt_import and vpn.rt_import == vpn.rt_export:
        yield f"rt vpn both {' '.join(vpn.rt_import)}"
    else:
        for word, targets in (("import", vpn.rt_import), ("export", vpn.rt_export)):
            if targets:
                yield f"rt vpn {word} {' '.join(targets)}"


def _lines_of_vpn(vpn: LeakConfig) -> Iterator[str]:
    if vpn.import_map is not None:
        yield f"route-map vpn import {vpn.import_map}"
    values = (
        ("label vpn export", vpn.label),
        ("sid vpn export", vpn.sid),
        ("rd vpn export", vpn.rd),
        ("nexthop vpn export", vpn.nexthop),
    )
    for words, value in values:
        if value is not None:
            yield f"{words} {value}"
    yield from _targets_lines(vpn)
    if vpn.export_map is not None:
        yield f"route-map vpn export {vpn.export_map}"
    if vpn.rt_redirect:
        yield f"rt redirect import {' '.join(vpn.rt_redirect)}"


def _lines(family: FamilyConfig, names: Values) -> Iterator[str]:
    vpn = family.leak
    if not vpn.vrfs:
        yield from _lines_of_vpn(vpn)
    elif vpn.import_map is not None:
        yield f"import vrf route-map {vpn.import_map}"
    if vpn.exports:
        yield "export vpn"
    if vpn.imports:
        yield "import vpn"
    for name in vpn.vrfs:
        yield f"import vrf {name}"


# Of VPNs


def _direction(call: Call) -> None:
    bgp = family_of(call.node_object).bgp
    if bgp.view:
        raise CommandError(_NO_VIEW)
    field = "imports" if call.values["direction"] == "import" else "exports"
    setattr(_vpn(call), field, None if call.negated else True)


def _map(call: Call) -> Reply | None:
    name = None if call.negated else call.values["rmap"]
    field = "import_map" if call.values["direction"] == "import" else "export_map"
    setattr(_for_vpn(call), field, name)
    return warn_missing(call, name)


def _label(call: Call) -> None:
    _for_vpn(call).label = None if call.negated else call.values["label"]


def _sid(call: Call) -> None:
    vpn = _for_vpn(call)
    if call.negated:
        # FRR has no way back either.
        raise CommandError("It's not implemented")
    sid = call.values["sid"]
    if vpn.sid is not None and (vpn.sid == "auto") is not (sid == "auto"):
        raise CommandError(_NEIGHBOR_SIDS.format("auto" if sid == "auto" else "idx"))
    if vpn.sid is None:
        vpn.sid = sid


def _distinguisher(call: Call) -> None:
    rd = None if call.negated else parse_distinguisher(call.values["rd"])
    if rd is None and not call.negated:
        raise CommandError("% Malformed rd")
    _for_vpn(call).rd = None if rd is None else distinguisher_text(rd)


def _nexthop(call: Call) -> None:
    nexthop = call.values.get("nexthop")
    if nexthop is None and not call.negated:
        raise CommandError("% Nexthop required")
    _for_vpn(call).nexthop = None if call.negated else nexthop


def _typed_targets(call: Call) -> tuple[str, ...]:
    if call.negated:
        return ()
    return tuple(map(_target, str(call.values["targets"]).split()))


def _target(text: str) -> str:
    if extended_value("rt", text) is None:
        raise CommandError(_MALFORMED)
    administrator, _, number = text.rpartition(":")
    if "." not in administrator:
        administrator = str(int(administrator))
    return f"{administrator}:{int(number)}"


def _targets(call: Call) -> None:
    vpn, targets, direction = _for_vpn(call), _typed_targets(call), call.values["direction"]
    if direction != "export":
        vpn.rt_import = targets
    if direction != "import":
        vpn.rt_export = targets


def _redirect(family: Family) -> Callable[[Call], None]:
    def redirect(call: Call) -> None:
        of_ipv6 = call.values["kind"] in ("route-target6", "rt6")
        if of_ipv6 and family[0] is Afi.IPV4:
            raise CommandError("")
        vpn = _for_vpn(call)
        if of_ipv6 and not call.negated:
            # FRR takes no target of RFC 5701 in any form.
            raise CommandError(_MALFORMED)
        vpn.rt_redirect = _typed_targets(call)

    return redirect


# Of other instances


def _instance_for(call: Call, name: str, asn: int) -> None:
    """Make the instances that are imported from, and the default one, as FRR does."""
    config: BgpdConfig = call.daemon.config
    for key in (None, None if name == _DEFAULT else name):
        if key not in config.instances:
            new_instance(call, asn, key)


def _import_vrf(call: Call) -> Reply | None:
    vpn, bgp, name = _for_vrfs(call), family_of(call.node_object).bgp, call.values["name"]
    if name == (bgp.vrf or _DEFAULT):
        word = "unimport" if call.negated else "import"
        raise CommandError(f"% Cannot {word} vrf {name} into itself", Status.WARNING)
    if call.negated:
        vpn.vrfs.pop(name, None)
        return None
    if name in vpn.vrfs:
        return Reply([], Status.WARNING)
    _instance_for(call, name, bgp.asn)
    vpn.vrfs[name] = None
    return None


def _import_map(call: Call) -> Reply | None:
    name = None if call.negated else call.values["rmap"]
    _for_vrfs(call).import_map = name
    return warn_missing(call, name)


def _line(
    scope: Scope,
    notation: str,
    *help: str,
    run: Callable[[Call], Answer],
    printer: Callable[[FamilyConfig, Values], Iterator[str]] | None = None,
) -> None:
    action(scope, notation, *help, negatable=True, printer=printer)(run)


_DIRECTIONS = ("For routes that come from there", _EXPORT)


def _declare_directions(scope: Scope) -> None:
    _line(
        scope,
        "<import|export>$direction vpn",
        "Routes that come from there",
        "Routes that go there",
        _VPN,
        run=_direction,
        printer=_lines,
    )
    _line(
        scope,
        "route-map vpn <import|export>$direction ![RMAP$rmap]",
        MAP[0],
        _VPN,
        *_DIRECTIONS,
        MAP[1],
        run=_map,
    )


def _declare_exports(scope: Scope) -> None:
    _line(
        scope,
        "label vpn export ![<(0-1048575)|auto>$label]",
        "Label of routes",
        _VPN,
        _EXPORT,
        "The label",
        "One that bgpd chooses",
        run=_label,
    )
    _line(
        scope,
        "sid vpn export <(1-255)|auto>$sid",
        "SRv6 segment of routes",
        _VPN,
        _EXPORT,
        "Its index",
        "One that bgpd chooses",
        run=_sid,
    )
    _line(
        scope,
        "rd vpn export ![ASN:NN_OR_IP-ADDRESS:NN$rd]",
        "Route distinguisher",
        _VPN,
        _EXPORT,
        "The distinguisher",
        run=_distinguisher,
    )
    _line(
        scope,
        "nexthop vpn export [<A.B.C.D|X:X::X:X>$nexthop]",
        "Next hop of routes",
        _VPN,
        _EXPORT,
        "As an IPv4 address",
        "As an IPv6 address",
        run=_nexthop,
    )


def _declare_targets(scope: Scope, family: Family) -> None:
    _line(
        scope,
        "<rt|route-target> vpn <import|export|both>$direction ![RTLIST...$targets]",
        *_TARGETS,
        _VPN,
        *_DIRECTIONS,
        "For both",
        "ASN:NN or A.B.C.D:NN, several with blanks between",
        run=_targets,
    )
    _line(
        scope,
        "<rt|route-target|route-target6|rt6>$kind redirect import RTLIST...$targets",
        *_TARGETS,
        "Of IPv6 addresses",
        "The same",
        "Where flow specifications redirect to",
        "For routes that come from there",
        "ASN:NN or A.B.C.D:NN, several with blanks between",
        run=_redirect(family),
    )


def _declare_vrfs(scope: Scope) -> None:
    _line(
        scope,
        "import vrf VIEWVRFNAME$name",
        "Routes that come from there",
        "Another instance",
        "The name of its VRF",
        run=_import_vrf,
    )
    _line(
        scope,
        "import vrf route-map ![RMAP$rmap]",
        "Routes that come from there",
        "Other instances",
        *MAP,
        run=_import_map,
    )


for _scopes in UNICAST:
    _scope = Scope((NODE_OF[_scopes.family],), find=_scopes.trailer.find)
    _scopes.trailer.add(_scope)
    _declare_directions(_scope)
    _declare_exports(_scope)
    _declare_targets(_scope, _scopes.family)
    _declare_vrfs(_scope)
