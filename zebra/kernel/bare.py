"""Modules of a package without what the package itself imports."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec, module_from_spec


@contextmanager
def bare_package(name: str) -> Iterator[None]:
    """While entered, submodules of `name` can be imported without running its `__init__`.

    That is run when a name of the package itself is first asked for, afterwards. `import pyroute2`
    loads all of its interfaces: 100 ms and 10 MB, where a daemon needs two message classes.
    Nothing changes when the package is loaded already.
    """
    spec = None if name in sys.modules else find_spec(name)
    if spec is None or spec.loader is None:
        yield
        return
    loader, package = spec.loader, module_from_spec(spec)
    sys.modules[name] = package
    yield

    def run(attribute: str) -> object:
        del package.__dict__["__getattr__"]
        loader.exec_module(package)
        return getattr(package, attribute)

    package.__dict__["__getattr__"] = run
