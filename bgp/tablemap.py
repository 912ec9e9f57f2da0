"""`table-map`: what a route-map makes of routes on their way to zebra."""

from bgp.attrs import AttrSet
from bgp.config import FamilyConfig
from bgp.policy.evaluate import Policy
from bgp.policy.route import Route
from bgp.rib.path import Path
from grammar.base.values import Prefix


class TableMap:
    """The line of a family, and how routes fare with it."""

    def __init__(self, config: FamilyConfig, policy: Policy, local_as: int) -> None:
        self._config = config
        self._policy = policy
        self._local_as = local_as

    def apply(self, prefix: Prefix, paths: tuple[Path, ...]) -> tuple[tuple[Path, ...], AttrSet]:
        """The paths that are left, and the attributes of the best one as zebra is to see them.

        A map that is not there leaves none, as in FRR.
        """
        name = self._config.table_map
        attrs = paths[0].attrs
        if name is None:
            return paths, attrs
        left = []
        for path in paths:
            route = Route.of_path(prefix, path, self._local_as)
            if self._policy.permits(name, route):
                left.append(path)
                if path is paths[0]:
                    attrs = route.result(self._policy.pool)
            route.count()
        return tuple(left), attrs
