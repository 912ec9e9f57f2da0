"""`clear ip bgp dampening`: penalties are forgotten, and what they held back is used."""

from bgp.commands.clear import CLEAR
from bgp.config import IPV4_UNICAST
from grammar.base.values import Address, Afi, Prefix
from grammar.command import Call, action
from grammar.scope import Values


@action(
    CLEAR,
    "clear ip bgp dampening [<A.B.C.D/M$prefix|A.B.C.D$address [A.B.C.D$mask]>]",
    "Begin anew",
    "IP",
    "BGP",
    "Routes that come and go",
    "Those of a network",
    "Those of the longest network with this address, or of the network",
    "Its mask",
)
def _clear_dampening(call: Call) -> None:
    instance = call.daemon.instances.get(None)
    penalties = None if instance is None else instance.penalties.of(IPV4_UNICAST)
    if penalties is None:
        return
    asked = _asked(call.values)
    if asked is None:
        penalties.clear()
        return
    whole = asked if isinstance(asked, Prefix) else asked.host_prefix()
    key = instance.tables[IPV4_UNICAST].longest(whole)
    # As in FRR the longest one is looked for, also where a network was named.
    if key is not None and (whole is not asked or key == whole.network.key):
        penalties.clear(key)


def _asked(values: Values) -> Prefix | Address | None:
    address, mask = values.get("address"), values.get("mask")
    if isinstance(address, Address) and isinstance(mask, Address):
        ones = f"{mask.value:032b}".partition("0")[0]
        return Prefix(Afi.IPV4, address.value, len(ones))
    found = address or values.get("prefix")
    assert found is None or isinstance(found, (Prefix, Address))
    return found
