"""A router whose daemons are partly FRR's and partly ours."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.support.frr import FrrRouter
from tests.support.namespaces import Namespace
from tests.support.ours import OurRouter


class MixedRouter(FrrRouter):
    """FRR's folders and vtysh; the daemons named in `ours` are ours, the others FRR's."""

    kind = "mixed"

    def __init__(
        self,
        namespace: Namespace,
        files: Mapping[str, str] | None = None,
        *,
        ours: Sequence[str] = (),
    ) -> None:
        super().__init__(namespace, files)
        self.ours = frozenset(ours)
        self.own_options: dict[str, Sequence[str]] = {}
        """Further options by daemon."""

    def daemon_argv(self, daemon: str) -> Sequence[str | Path]:
        kind = OurRouter if daemon in self.ours else FrrRouter
        argv = kind.daemon_argv(self, daemon)  # type: ignore[arg-type]
        return [*argv, *self.own_options.get(daemon, ())]
