"""`monitor bgp updates`: what neighbours send and are sent, as it happens.

Words of our own: an `added` scope, so that FRR's abbreviations mean what they do in FRR.
"""

from bgp.commands.explain import instance_of, peer_of
from bgp.commands.showing import OF, PEER
from grammar.command import Call, Reply, action, fragment
from grammar.node import ENABLE, VIEW
from grammar.scope import Scope

MONITOR = Scope((VIEW, ENABLE), added=True)


@action(
    MONITOR,
    fragment("monitor bgp", "Show what happens, until it is stopped", "BGP")
    + OF
    + fragment(
        "updates [<received|sent|both>$way] [denied$denied]",
        "Routes that neighbors send or are sent",
        "Those that come in (default)",
        "Those that go out",
        "Both",
        "Those that are refused",
    )
    + fragment(f"[neighbor {PEER.notation}]", "Of one neighbor", *PEER.help)
    + fragment(
        "[prefix <A.B.C.D/M|X:X::X:X/M>$prefix [longer$longer]] [json$json]",
        "To one prefix",
        "This",
        "This",
        "And to those within it",
        "As JSON, an object a line",
    ),
)
def _monitor_updates(call: Call) -> Reply:
    from bgp.monitor.text import lines  # few look on
    from bgp.monitor.updates import UpdateMonitor, Wanted

    instance, values = instance_of(call), call.values
    prefix = values.get("prefix")
    way = values.get("way")
    wanted = Wanted(
        peer_of(instance, values.get("peer")),
        received=way != "sent",
        sent=way in ("sent", "both") and "denied" not in values,
        denied="denied" in values,
        prefix=None if prefix is None else prefix.network,
        longer="longer" in values,
    )
    return Reply(lines(UpdateMonitor(instance, wanted), as_json="json" in values))
