"""How a speaker takes part in graceful restart."""

from enum import Enum


class GracefulMode(Enum):
    """How much of graceful restart a speaker offers; FRR's default is HELPER."""

    DISABLED = "Disable"
    HELPER = "Helper"
    RESTARTER = "Restart"
