"""`show bgp labelpool ...`."""

from bgp.commands.showing import Where, shows
from bgp.show import build
from grammar.command import fragment

_HEAD = fragment("show bgp labelpool", "Show", "BGP", "Labels of this router's own")


@shows(_HEAD + fragment("summary [json$json]", "How many there are", "As JSON"))
def _show_summary(where: Where) -> object:
    return build.labels.summary(where.bgpd)


@shows(_HEAD + fragment("<ledger|inuse> [json$json]", "Each with its prefix", "Those", "As JSON"))
def _show_in_use(where: Where) -> object:
    return build.labels.in_use(where.bgpd)


@shows(_HEAD + fragment("requests [json$json]", "Those that were asked for", "As JSON"))
def _show_requests(where: Where) -> object:
    return build.labels.requests(where.bgpd)


@shows(_HEAD + fragment("chunks [json$json]", "The ranges that they are taken from", "As JSON"))
def _show_chunks(where: Where) -> object:
    return build.labels.chunks(where.bgpd)
