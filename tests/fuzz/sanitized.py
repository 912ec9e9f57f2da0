"""`make fuzz-asan`: `bgp._speed` with the sanitizers of the compiler, under all that is kept.

Builds the extension with AddressSanitizer and UndefinedBehaviorSanitizer into `build/asan`, then
starts Python again with their library in front: every kept input through every target, and the
tests of the compiled twins. An error of memory, or an undefined step, ends the run with a report
and a status other than 0. Leaks are not looked for: Python keeps memory until it ends.
"""

import importlib.machinery
import importlib.util
import os
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
LIBRARY: Final = ROOT / "build" / "asan" / "_speed.so"
_FLAGS: Final = (
    *("-g", "-O1", "-fPIC", "-shared", "-std=c11", "-fno-omit-frame-pointer", "-Wall", "-Wextra"),
    *("-Wno-missing-field-initializers", "-fsanitize=address,undefined"),
    "-fno-sanitize-recover=undefined",
)


def build() -> None:
    """Compile, where a source is newer than the library."""
    sources = sorted((ROOT / "bgp" / "_speed").glob("*.[ch]"))
    if LIBRARY.exists() and all(one.stat().st_mtime < LIBRARY.stat().st_mtime for one in sources):
        return
    LIBRARY.parent.mkdir(parents=True, exist_ok=True)
    compiler = os.environ.get("CC", "gcc")
    include = f"-I{sysconfig.get_path('include')}"
    units = [str(one) for one in sources if one.suffix == ".c"]
    subprocess.run([compiler, *_FLAGS, include, "-o", str(LIBRARY), *units], check=True)


def environment() -> dict[str, str]:
    """That of a Python whose memory is looked after: each object is an allocation of its own."""
    compiler = os.environ.get("CC", "gcc")
    found = [
        subprocess.run(
            [compiler, f"-print-file-name={name}"], check=True, capture_output=True, text=True
        ).stdout.strip()
        for name in ("libasan.so", "libubsan.so")
    ]
    return {
        **os.environ,
        "LD_PRELOAD": " ".join(found),
        "ASAN_OPTIONS": "detect_leaks=0:halt_on_error=1",
        "UBSAN_OPTIONS": "print_stacktrace=1:halt_on_error=1",
        "PYTHONMALLOC": "malloc",
    }


def load() -> None:
    """Put the library in the place of the one that is installed; before anything of bgp."""
    name = "bgp._speed"
    loader = importlib.machinery.ExtensionFileLoader(name, str(LIBRARY))
    spec = importlib.util.spec_from_loader(name, loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    sys.modules[name] = module


def replay() -> None:
    """Every kept input, changed in each of its first bytes too, through every target."""
    from tests.fuzz.corpora import inputs
    from tests.fuzz.shapes import LENGTHS, SHAPES
    from tests.fuzz.streams import STREAMS
    from tests.fuzz.targets import DECODERS

    targets = {**DECODERS, **STREAMS}
    tried = 0
    for name, target in targets.items():
        for data in inputs(name):
            target(data)
            tried += 1
            if name in DECODERS:
                for cut in range(0, len(data), 1 + len(data) // 40):
                    target(data[:cut])
                    target(data[:cut] + b"\xff" + data[cut + 1 :])
                    tried += 2
    for name, data in LENGTHS:
        targets[name](data)
    for name, _, shape in SHAPES:
        targets[name](shape(8000))
    print(f"{tried} inputs through {len(targets)} targets: nothing wrong")


def twins() -> int:
    """The tests in which the extension is used, by pytest."""
    import pytest

    folder = ROOT / "tests" / "bgp"
    more = ("test_malformed.py", "test_any_updates.py", "test_rib_table.py", "test_show_views.py")
    files = [*sorted(folder.glob("test_compiled*.py")), *(folder / name for name in more)]
    leave_out = "not without_a_compiler and not built_where"
    return int(pytest.main(["-q", "-p", "no:cacheprovider", "-k", leave_out, *map(str, files)]))


def main() -> int:
    match sys.argv[1:]:
        case ["replay"]:
            load()
            replay()
            return 0
        case ["twins"]:
            load()
            return twins()
    build()
    again = [sys.executable, "-m", "tests.fuzz.sanitized"]
    steps = ([*again, "replay"], [*again, "twins"])
    return max(subprocess.run(step, env=environment(), cwd=ROOT).returncode != 0 for step in steps)


if __name__ == "__main__":
    sys.exit(main())
