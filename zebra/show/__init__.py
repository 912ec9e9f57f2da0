"""What zebra shows: views of its state, and their text and JSON.

Views are loaded when a command is run, not when it is declared: the shell reads the declarations
at every start.
"""

from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zebra.show import views

__all__ = ["views"]


def __getattr__(name: str) -> ModuleType:
    if name not in __all__:
        raise AttributeError(name)
    return import_module(f"{__name__}.{name}")
