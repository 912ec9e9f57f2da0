"""What `debug bgp bestpath PREFIX` writes of the choice among the paths of a prefix, in FRR's words
and with FRR's identifiers. The choice is gone through again, comparison by comparison; lines that
only name places in FRR's memory are left out, as are identifiers that are not known."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bgp.rib.bestpath import judge, way
from bgp.rib.path import Dest, Entry, Path, best_of, paths_of
from bgp.rib.rules import Rules
from bgp.rib.steps import MED_WORST, OLDER, STEPS, TIE_BREAKERS, same_neighbor_as
from bgp.rib.table import Choice, Table
from bgp.updatelog import WORDS, safi_word
from grammar.base.log import Level
from grammar.base.values import Prefix, key_text

if TYPE_CHECKING:
    from bgp.instance import Instance

TOPIC = "bestpath"
_VALID, _CHOSEN, _COUNTED, _WINNER, _BESIDE, _STALE = 0x10, 0x8, 0x400, 0x80, 0x800, 0x20
_ORIGINS = ("IGP", "EGP", "incomplete")


@dataclass(frozen=True, slots=True)
class _Words:
    """How a step tells a victory and a defeat, each with its identifier; `{}` are the values."""

    win: str
    lose: str
    win_id: str = ""
    lose_id: str = ""


def _compared(what: str, win: str, lose: str, win_id: str = "", lose_id: str = "") -> _Words:
    return _Words(f"{what} {{}} {win} {{}}", f"{what} {{}} {lose} {{}}", win_id, lose_id)


def _same(what: str, win_id: str = "", lose_id: str = "") -> _Words:
    return _Words(what, what, win_id, lose_id)


_STEPS = {
    "long-lived": _same("LLGR_STALE community"),
    "weight": _compared("weight", ">", "<", "TG8CF-BT6NT", "MJZKY-GPYZM"),
    "local-preference": _compared("localpref", ">", "<", "T9SWQ-SPH4X", "SN01E-SKWCN"),
    "local": _same("preferred BGP_ROUTE type"),
    "confederation": _compared("aspath (with confeds) hopcount", "<", ">", "", "JKG6B-E548J"),
    "as-path": _compared("aspath hopcount", "<", ">", "QAFFF-0JXDM", "PWDWC-5E83E"),
    "origin": _compared("ORIGIN", "<", ">", "RZF52-6JANE", "K9E1N-R635Q"),
    "med": _compared("MED", "<", ">", "YG4G5-XY6JW", "G5C2M-B7M5A"),
    "peer-type": _Words(
        "eBGP peer > iBGP peer", "iBGP peer < eBGP peer", "VAC9G-CKZ3J", "PYB8A-44J4Z"
    ),
    "confederation-peer": _Words(
        "confed-external peer > confed-internal peer", "confed-internal peer < confed-external peer"
    ),
    "igp-metric": _compared("IGP metric", "<", ">"),
    "clusters": _compared("CLUSTER_LIST length", "<", ">"),
    "older": _same("oldest external", "RSGMQ-7V1AN", "KAAY6-34F21"),
    "router-id": _same("Router-ID comparison", "VYAZS-C34JV", "GBNS3-K6VE8"),
    "cluster-length": _compared("CLUSTER_LIST length", "<", ">"),
    "stale": _Words("latter path being STALE", "former path being STALE"),
    "address": _same("Neighor IP comparison"),
    "nothing": _same("nothing left to compare"),
}


class ChoiceLog:
    """Log lines about the choices of one table; asked only while some prefix is debugged."""

    def __init__(self, instance: "Instance", table: Table) -> None:
        self._log = instance.bgpd.log
        self._table = table
        self._vrf = f"VRF {instance.vrf or 'default'}"
        limits = instance.bgpd.config.debugging[TOPIC]
        prefixes = map(Prefix.parse, limits)
        self._keys = {prefix.key for prefix in prefixes if prefix.afi is table.afi}
        self._prefix = self._where = ""
        self._flags: dict[Path, int] = {}

    def before(self, keys: Iterable[int], now_valid: bool | None = None) -> dict[int, Choice]:
        """The choices for those prefixes that are debugged, before paths come or go; `now_valid`
        where the next hop of lone paths changed: whether they are valid now."""
        found: dict[int, Choice] = {}
        for key in self._keys.intersection(keys):
            entry = self._table.get(key)
            best = best_of(entry)
            if now_valid is not None and type(entry) is Path:
                best = None if now_valid else entry
            found[key] = best, _beside(entry)
        return found

    def after(self, choices: dict[int, Choice]) -> None:
        """Paths came, went or changed; tell what was chosen, and why."""
        for key, (best, beside) in choices.items():
            entry = self._table.get(key)
            # FRR has put the choice off until the next hop is known.
            if best is not None or best_of(entry) is not None:
                self._tell(key, entry, best, beside)

    def _write(self, ident: str, text: str) -> None:
        self._log.write(Level.DEBUGGING, text, ident)

    def _tell(
        self, key: int, entry: Entry | None, chosen: Path | None, beside: Sequence[Path]
    ) -> None:
        rules = self._table.rules
        self._prefix = key_text(self._table.afi, key)
        self._where = f"{self._prefix}({self._vrf})"
        family = f"afi={WORDS[self._table.afi]}, safi={safi_word(self._table.family[1])}"
        start = f"bgp_process_main_one: p={self._prefix}i({self._vrf}) {family} start"
        self._write("QGT2T-9Z0AR", start)
        paths = [path for path in paths_of(entry) if path.valid]
        self._flags = {path: self._flags_of(path, chosen, beside) for path in paths}
        winners = self._winners(paths, chosen, rules) if rules.deterministic_med else paths
        best = self._best([path for path in paths if path in winners], chosen, rules)
        several = rules.maximum_paths > 1 or rules.maximum_paths_ibgp > 1
        if several and best is not None:
            self._alike([path for path in paths if path in winners], best, chosen, rules)
        self._multipath(entry, best, beside, several=several)
        if best is not None and best is not chosen:
            self._write("RR6EG-07TGC", "bgp_process_main_one: setting SELECTED flag")

    @staticmethod
    def _flags_of(path: Path, chosen: Path | None, beside: Sequence[Path]) -> int:
        learnt = 0 if path.source.is_local else _COUNTED
        flags = _VALID | learnt | _CHOSEN * (path is chosen) | _BESIDE * (path in beside)
        return flags | _STALE * path.stale

    def _winners(self, paths: Sequence[Path], chosen: Path | None, rules: Rules) -> list[Path]:
        """The best path of each neighbouring AS."""
        found, rest = [], list(paths)
        while rest:
            best, others = rest[0], []
            for path in rest[1:]:
                if not same_neighbor_as(rest[0], path):
                    others.append(path)
                elif self._wins(path, best, chosen, rules):
                    best = path
            segments = best.attrs.as_path.segments
            first = segments[0][1][0] if segments else 0
            text = f"{_named(best)} is the bestpath from AS {first}"
            self._write("WEWEC-8SE72", f"{self._where}: {text}")
            self._flags[best] |= _WINNER
            found.append(best)
            rest = others
        return found

    def _best(self, paths: Sequence[Path], chosen: Path | None, rules: Rules) -> Path | None:
        best: Path | None = None
        for path in paths:
            if best is None:
                best = path
                text = f"{self._where}: {_named(path)} is the initial bestpath"
                self._write("KQ9MH-8EWT4", text)
            elif self._wins(path, best, chosen, rules):
                best = path
        newest = "NONE" if best is None else _named(best)
        oldest = "NONE" if chosen is None else _title(chosen)
        text = f"{self._where}: After path selection, newbest is {newest} oldbest was {oldest}"
        self._write("N6CTF-2RSKS", text)
        return best

    def _alike(self, paths: Sequence[Path], best: Path, chosen: Path | None, rules: Rules) -> None:
        for path in paths:
            if path is best:
                text = f"{self._where}: {_named(path)} is the bestpath, add to the multipath list"
                self._write("ZF63D-VT50R", text)
                continue
            if way(path) == way(best):
                text = f"{_named(path)} has the same nexthop as the bestpath, skip it"
                self._write("", f"{self._prefix}: {text}")
                continue
            self._wins(path, best, chosen, rules)
            if judge(path, best, chosen, rules).together:
                text = f"{_named(path)} is equivalent to the bestpath, add to the multipath list"
                self._write("K4XDC-7NNGP", f"{self._prefix}: {text}")

    def _wins(self, new: Path, kept: Path, chosen: Path | None, rules: Rules) -> bool:
        one, other = _named(new), _named(kept)
        text = (
            f"{self._where}: Comparing {one} flags {self._flags[new]:#x}"
            f" with {other} flags {self._flags[kept]:#x}"
        )
        self._write("HW35T-M56MT", text)
        verdict = judge(new, kept, chosen, rules)
        if verdict.together:
            ident, how = _likeness(new, rules)
            self._write(ident, f"{self._prefix}: {one} and {other} are equal via {how}")
        name = _step_of(new, kept, verdict.reason, rules)
        words = _STEPS.get(name, _same(verdict.reason))
        values = _values(name, new, rules), _values(name, kept, rules)
        if verdict.wins:
            ident, why, told = words.win_id, words.win, f"{one} wins over {other}"
        else:
            ident, why, told = words.lose_id, words.lose, f"{one} loses to {other}"
        self._write(ident, f"{self._prefix}: {told} due to {why.format(*values)}")
        if name == "igp-metric":
            self._write("", f"{self._prefix}: {told} after IGP metric comparison")
        return verdict.wins

    def _multipath(
        self, entry: Entry | None, best: Path | None, beside: Sequence[Path], *, several: bool
    ) -> None:
        used = () if best is None or not several else (best, *_beside(entry))
        count = 1 if best is not None else 0
        newest = "NONE" if best is None else _title(best)
        candidates = len(used) if several else count
        text = (
            f"starting mpath update, newbest {newest} num candidates {candidates}"
            f" old-mpath-count {len(beside)} old-cum-bw u0"
        )
        self._write("R1JR3-6FXH0", f"{self._where}: {text}")
        if best is None:
            return
        changed = False
        former = sorted(beside, key=_place)
        for path in sorted(used, key=_place):
            existing = _title(former[0]) if former else "NONE"
            text = f"comparing candidate {_title(path)} with existing mpath {existing}"
            self._write("HTQ4X-T9P2N", f"{self._where}: {text}")
            if path is best:
                continue
            count += 1
            if former and former[0] is path:
                former.pop(0)
                text = f"{_named(path)} is still multipath, cur count {count}"
                self._write("JRFJ2-R4FET", f"{self._prefix}: {text}")
            else:
                changed = True
                text = f"add mpath {_named(path)} nexthop {path.gateway}, cur count {count}"
                self._write("YNS1G-8GK18", f"{self._prefix}: {text}")
        for path in former:
            changed = True
            text = f"remove mpath {_named(path)} nexthop {path.gateway}, cur count {count}"
            self._write("PYHPP-DHN9Y", f"{self._prefix}: {text}")
        text = (
            f"New mpath count (incl newbest) {count} mpath-change {'YES' if changed else 'NO'}"
            " all_paths_lb 0 cum_bw u0"
        )
        self._write("RP0W2-GRH3C", f"{self._where}: {text}")


def watcher(instance: "Instance", table: Table) -> ChoiceLog | None:
    """Who is told of the choices of a table; None while none is debugged."""
    return ChoiceLog(instance, table) if TOPIC in instance.bgpd.config.debugging else None


def _beside(entry: Entry | None) -> tuple[Path, ...]:
    """The paths that are used beside the best one."""
    return entry.multipath[1:] if type(entry) is Dest else ()


def _title(path: Path) -> str:
    title = "Static announcement" if path.source.is_local else str(path.source)
    return f"{title} (addpath rxid {path.path_id})" if path.path_id else title


def _named(path: Path) -> str:
    return f"path {_title(path)}"


def _place(path: Path) -> tuple[tuple[int, int], int]:
    return way(path), path.source.sort_address


def _likeness(path: Path, rules: Rules) -> tuple[str, str]:
    if rules.multipath_relax:
        return "PX4TR-N07FM", "multipath-relax"
    if not path.source.is_ebgp:
        return "QZ98E-7VG04", "matching aspaths"
    return "QBRHV-X6CWN", "same remote-as"


def _step_of(new: Path, kept: Path, reason: str, rules: Rules) -> str:
    """The step that a reason is of."""
    if reason == OLDER:
        return "older"
    for step in (*STEPS, *TIE_BREAKERS):
        if step.reason == reason and step.compare(new, kept, rules):
            return step.name
    return "nothing"


def _values(name: str, path: Path, rules: Rules) -> object:
    attrs = path.attrs
    match name:
        case "weight":
            return path.weight
        case "local-preference":
            return rules.local_pref if attrs.local_pref is None else attrs.local_pref
        case "confederation":
            return attrs.as_path.length + attrs.as_path.confederation_length
        case "as-path":
            return attrs.as_path.length
        case "origin":
            return _ORIGINS[attrs.origin]
        case "med":
            missing = MED_WORST if rules.missing_as_worst else 0
            return missing if attrs.med is None else attrs.med
        case "igp-metric":
            return 0 if path.nexthop is None else path.nexthop.metric
        case "clusters" | "cluster-length":
            return len(attrs.cluster_list)
    return ""
