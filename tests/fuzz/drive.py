"""One target under Atheris: `python -m tests.fuzz.drive NAME OPTION...` (libFuzzer's options)."""

import sys

import atheris

with atheris.instrument_imports(include=["bgp", "grammar", "zebra", "pyvtysh"]):
    from tests.fuzz.streams import STREAMS
    from tests.fuzz.targets import DECODERS


def main() -> None:
    name, *options = sys.argv[1:]
    target = {**DECODERS, **STREAMS}[name]
    # A merge starts itself again, by its first argument.
    again = f"{sys.executable} -m tests.fuzz.drive {name}"
    atheris.Setup([again, *options], target)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
