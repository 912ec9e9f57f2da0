"""`show bgp peer-group` as text."""

from collections.abc import Iterator

from bgp.show.text.dispatch import text
from bgp.show.views.group import PeerGroup, PeerGroups


@text.register
def groups_text(view: PeerGroups) -> Iterator[str]:
    """One group after the other."""
    if view.missing:
        yield "% No such peer-group\n"
    for group in view.groups:
        yield from _group(group)


def _group(group: PeerGroup) -> Iterator[str]:
    remote = "" if group.remote_as is None else f", remote AS {group.remote_as}"
    yield f"\nBGP peer-group {group.name}{remote}\n"
    yield f"  Peer-group type is {'internal' if group.internal else 'external'}\n"
    yield f"  Configured address-families:{''.join(f' {name};' for name in group.families)}\n"
    for word, prefixes in group.ranges:
        yield f"  {len(prefixes)} {word} listen range(s)\n"
        for prefix in prefixes:
            yield f"    {prefix}\n"
    if group.members:
        yield "  Peer-group members:\n"
    for member in group.members:
        yield f"    {member.name} {'(dynamic)' if member.dynamic else ''} {member.status} \n"
