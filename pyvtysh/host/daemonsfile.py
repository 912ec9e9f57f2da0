"""FRR's `daemons` file (as Debian's /etc/frr/daemons): which daemons run, and with which options.

The file is a shell script that only sets variables; it is read, not run. `$NAME` and `${NAME}` of
variables that the file itself set before are put in, as a shell would.
"""

import re
import shlex
from dataclasses import dataclass, field
from pathlib import Path

from pyvtysh.host import configuration
from pyvtysh.host.errors import UsageError
from pyvtysh.host.log import warn
from pyvtysh.host.options import DAEMONS, VIEWERS, Options, parse
from pyvtysh.table import ORDER

_ALWAYS = ("zebra", "staticd")
_PART = re.compile(
    r"""\\(?P<escaped>.)|'(?P<single>[^']*)'|"(?P<double>(?:\\.|[^"\\])*)"|(?P<plain>[^\s'"\\;#]+)""",
    re.DOTALL,
)
_VARIABLE = re.compile(r"\$(?:\{(\w+)\}|(\w+))", re.ASCII)
_STATEMENT = re.compile(r"(?P<name>[A-Za-z_]\w*)=", re.ASCII)
_NO = ("", "no", "0")


@dataclass(frozen=True, slots=True)
class DaemonsFile:
    """The variables of the file, and the numbers of its lines that set none.

    Not `there`: nothing is set.
    """

    path: Path
    there: bool = False
    values: dict[str, str] = field(default_factory=dict)
    bad: tuple[int, ...] = ()

    def wanted(self, *, bgpd: bool = True) -> list[str]:
        """The daemons to run, in the order of their start.

        `bgpd` says whether that runs when the file does not speak of it.
        """
        unsaid = {"bgpd": "yes" if bgpd else "no"}
        return [
            name
            for name in DAEMONS
            if name in _ALWAYS or self.values.get(name, unsaid.get(name, "no")) not in _NO
        ]

    def missing(self) -> list[str]:
        """FRR's daemons that the file asks for and that are not there."""
        others = (name for name in ORDER if name not in (*DAEMONS, "watchfrr"))
        return [name for name in others if self.values.get(name, "no") not in _NO]

    def words(self, daemon: str) -> list[str]:
        """The options of a daemon: those of all daemons and its own; UsageError."""
        profile = self.values.get("frr_profile")
        words = self._split("frr_global_options")
        if profile:
            words += ["-F", profile]
        return words + self._split(f"{daemon}_options")

    def _split(self, variable: str) -> list[str]:
        try:
            return shlex.split(self.values.get(variable, ""))
        except ValueError as error:
            raise UsageError(f"{self.path}: {variable}: {error}") from None

    def options(self, daemon: str) -> Options:
        """The same as parsed options; UsageError names the file and the variable."""
        try:
            return parse(daemon, self.words(daemon))
        except UsageError as error:
            raise UsageError(f"{self.path}: {daemon}_options: {error}") from None

    def says(self, variable: str, *, default: bool) -> bool:
        """Whether a variable is set to something else than `no`."""
        value = self.values.get(variable)
        return default if value is None else value not in _NO

    @property
    def descriptors(self) -> int:
        """`MAX_FDS`, 0 if it is not set to a number."""
        value = self.values.get("MAX_FDS", "")
        return int(value) if value.isascii() and value.isdigit() else 0


def daemons_file(config_dir: str) -> DaemonsFile:
    """The file of a folder, an empty one if there is none; StartError if it cannot be read.

    The first line that sets nothing, and what there is not, is told; the file counts all the same.
    """
    path = Path(config_dir, "daemons")
    if not configuration.there(path):
        return DaemonsFile(path)
    file = read_daemons(path, "\n".join(configuration.read(path)))
    if file.bad:
        warn(f"pyvtysh: {path}, line {file.bad[0]}: neither NAME=VALUE nor a comment")
    if missing := file.missing():
        warn(f"pyvtysh: {path}: not there: {', '.join(missing)}")
    return file


def read_daemons(path: Path, text: str) -> DaemonsFile:
    """Read the text of a `daemons` file."""
    values: dict[str, str] = {}
    bad = []
    position, number = 0, 1
    while position < len(text):
        end, good = _statement(text, position, values)
        if not good:
            bad.append(number)
        number += text.count("\n", position, end)
        position = end
    return DaemonsFile(path, True, values, tuple(bad))


def _statement(text: str, start: int, values: dict[str, str]) -> tuple[int, bool]:
    """Take in what stands at `start`; where the next begins, and False if it was no setting."""
    while start < len(text) and text[start] in " \t;":
        start += 1
    if text.startswith("export ", start):
        start += len("export ")
    line_end = text.find("\n", start)
    after = len(text) if line_end < 0 else line_end + 1
    if start >= len(text) or text[start] in "#\n":
        return max(after, start + 1), True
    found = _STATEMENT.match(text, start)
    if found is None:
        return after, False
    value, end = _word(text, found.end(), values)
    values[found["name"]] = value
    line_end = text.find("\n", end)
    rest = text[end : len(text) if line_end < 0 else line_end].strip(" \t")
    if rest.startswith(";"):
        return text.index(";", end) + 1, True
    return (len(text) if line_end < 0 else line_end + 1), not rest or rest.startswith("#")


def _word(text: str, start: int, values: dict[str, str]) -> tuple[str, int]:
    """One shell word: its value and where it ends."""
    found = []
    while (part := _PART.match(text, start)) is not None:
        if part["plain"] is not None:
            found.append(_filled(part["plain"], values))
        elif part["double"] is not None:
            plain = re.sub(r'\\(["\\$`])', r"\1", part["double"]).replace("\\\n", "")
            found.append(_filled(plain, values))
        elif part["single"] is not None:
            found.append(part["single"])
        elif part["escaped"] != "\n":
            found.append(part["escaped"])
        start = part.end()
    return "".join(found), start


def _filled(text: str, values: dict[str, str]) -> str:
    return _VARIABLE.sub(lambda name: values.get(name[1] or name[2], ""), text)


def child_words(host: Options, file: DaemonsFile, daemon: str) -> list[str]:
    """The command line of a daemon that runs in a process of its own below `host`; UsageError.

    A later option counts more, so the host's stand behind those of the file.
    """
    said = file.options(daemon)
    words = [*file.words(daemon), "--config_dir", host.config_dir, "-z", host.zserv_path]
    words += ["--vty_socket", host.vty_dir, "-i", host.pid_path(daemon)]
    for key, value in (("-u", host.user), ("-g", host.group), ("-F", host.profile)):
        words += [key, value] if value else []
    if host.view_group != VIEWERS:
        words += ["--view-group", host.view_group]
    words += ["--log-format", "json"] if host.log_json else []
    words += ["--log-audit"] if "log-audit" in host.flags else []
    if host.vty_address and not said.vty_address:
        words += ["-A", host.vty_address]
    if host.vty_port is not None:
        words += ["-P", str(host.vty_port)]
    for kind, path in host.log.items():
        words += ["--log", f"{kind}:{path}" if path else kind]
    if host.log:
        words += ["--log-level", host.log_level.name.lower()]
    if daemon == "bgpd":
        words += [] if host.bgp_port is None else ["-p", str(host.bgp_port)]
        words += [word for address in host.listen_on for word in ("-l", address)]
    if daemon == "zebra" and "r" in host.flags:
        words.append("-r")
    return words


def hosted_options(host: Options, file: DaemonsFile, daemon: str) -> Options:
    """The options of a daemon that `pyvtysh` runs: its line in the file, where `host` is silent.

    Folders and sockets are the host's, so that they agree. UsageError.
    """
    options = file.options(daemon)
    options.config_dir, options.run_dir = host.config_dir, host.run_dir
    options.vty_dir, options.zserv = host.vty_dir, host.zserv_path
    options.pathspace = host.pathspace
    options.flags = (options.flags - {"d", "t", "C", "v", "h"}) | (host.flags - {"d"})
    options.user, options.group = host.user, host.group
    if host.view_group != VIEWERS:
        options.view_group = host.view_group
    options.log_json |= host.log_json
    options.pid_file = None
    if host.vty_port is not None:
        options.vty_port = host.vty_port
    options.vty_address = host.vty_address or options.vty_address
    options.bgp_port = options.bgp_port if host.bgp_port is None else host.bgp_port
    options.listen_on = host.listen_on or options.listen_on
    options.profile = host.profile or options.profile
    options.wire, options.memory = host.wire, host.memory
    if host.log:
        options.log, options.log_level = host.log, host.log_level
    return options
