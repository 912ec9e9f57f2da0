"""What the configuration says about the choice of best paths."""

from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING

from bgp.config import BgpConfig, Family

if TYPE_CHECKING:
    from bgp.rib.path import Choice


@dataclass(frozen=True, slots=True)
class Rules:
    """What the configuration says about the choice; one per instance and family."""

    local_pref: int = 100
    always_compare_med: bool = False
    missing_as_worst: bool = False
    as_path_ignore: bool = False
    compare_router_id: bool = False
    deterministic_med: bool = False
    multipath_relax: bool = False
    merged: bool = False
    """Paths that are used side by side are announced with the AS numbers of all."""
    count_confederation: bool = False
    """The AS path is as long as it is with its confederation segments."""
    peer_type_relax: bool = False
    equal_cluster_length: bool = False
    confederation: bool = False
    maximum_paths: int = 256
    maximum_paths_ibgp: int = 256
    bandwidth: str | None = None
    """What becomes of paths without a link bandwidth."""

    serial: int = field(default_factory=count(1).__next__, compare=False, repr=False)
    """Tells what was worked out by these rules from what was by others."""

    choices: "dict[tuple[int, int], Choice]" = field(
        default_factory=dict, compare=False, repr=False
    )
    """What was chosen by these rules, to be shared: by the places of the best path and of the one
    before."""

    plain: bool = field(init=False, compare=False, repr=False)
    """Whether paths that rank the same mostly tie: no line has more of them compared."""

    def __post_init__(self) -> None:
        compared = (
            self.always_compare_med
            or self.compare_router_id
            or self.deterministic_med
            or self.multipath_relax
            or self.peer_type_relax
            or self.confederation
            or self.count_confederation
        )
        object.__setattr__(self, "plain", not compared)

    @property
    def shares_load(self) -> bool:
        """Whether several paths may be used side by side."""
        return self.maximum_paths > 1 or self.maximum_paths_ibgp > 1

    @classmethod
    def of(cls, config: BgpConfig, family: Family) -> "Rules":
        """The rules in force for a family; unset values are those of the profile."""
        of_family = config.family(family)
        preference = config.default_local_preference
        return cls(
            local_pref=100 if preference is None else preference,
            always_compare_med=bool(config.always_compare_med),
            missing_as_worst=bool(config.bestpath_med_missing_as_worst),
            as_path_ignore=bool(config.bestpath_as_path_ignore),
            compare_router_id=bool(config.bestpath_compare_routerid),
            deterministic_med=config.on(config.deterministic_med),
            multipath_relax=bool(config.bestpath_multipath_relax),
            merged=bool(config.bestpath_multipath_as_set),
            count_confederation=bool(config.bestpath_as_path_confed),
            peer_type_relax=bool(config.bestpath_peer_type_relax),
            equal_cluster_length=bool(of_family.maximum_paths_ibgp_equal_cluster),
            confederation=config.confederation_id is not None,
            maximum_paths=of_family.maximum_paths or config.most_paths,
            bandwidth=config.bestpath_bandwidth,
            maximum_paths_ibgp=of_family.maximum_paths_ibgp or config.most_paths,
        )
