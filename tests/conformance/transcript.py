"""expected.txt: the answers of the real FRR, masked, under a line for each step."""

import difflib
import re
import time
from pathlib import Path

from tests.conformance.scene import Question, scene
from tests.support.masks import mask
from tests.support.peers import FRR_VERSION
from tests.support.router import ended
from tests.support.wait import INTERVAL

HEAD = f"# recorded from FRR {FRR_VERSION}\n"
MARK, BELOW = ">>> ", "... "

# What depends on the moment at which routes and sessions came: the versions of tables and routes,
# the numbers of UPDATEs and refreshes, the numbers of update groups (by who came first).
CHANCE = tuple(
    (re.compile(pattern, re.M), by)
    for pattern, by in (
        (r"^(BGP table version(?: is)? )\d+", r"\1<version>"),
        (r"^(BGP routing table entry for \S+(?: \S+)?, version )\d+$", r"\1<version>"),
        (r'("(?:tableVersion|bgpTableVersion|version)": ?)\d+', r"\1<version>"),
        (r"^(    (?:Updates|Route Refresh):) +\d+ +\d+$", r"\1 <counts>"),
        (r'^( *"(?:updates|routeRefresh)(?:Sent|Recv)":)\d+', r"\1<counts>"),
        (r"^(  Update group )\d+(, subgroup )\d+$", r"\1<group>\2<group>"),
        (r'^( *"(?:updateGroupId|subGroupId)":)\d+', r"\1<group>"),
        # What is left of timers
        (r"^( +Time until .* stale route deleted: )\d+$", r"\1<seconds>"),
        (r"^( +The remaining time of \w+ timer is )\d+$", r"\1<seconds>"),
        (r"^( +(?:[\w ]+ )?Remaining\(sec\): )\d+$", r"\1<seconds>"),
        (r"( will restart in )\d+ seconds$", r"\1<seconds>"),
        (
            r'^( *"\w*(?:Remaining|restartInTimerMsec|(?:Restart|path)TimerMsecs)":)\d+(?=,?$)',
            r"\1<time>",
        ),
        (r"^( +.*(?:lished|sumed): )\d{4}/\d\d/\d\d (?:\d\d:){2}\d\d\.\d{3}$", r"\1<moment>"),
        (r'^( *"updateDelay\w+":)"\d{4}/\d\d/\d\d (?:\d\d:){2}\d\d\.\d{3}"', r"\1<moment>"),
        (r"^((?:  |\w(?:\[\d+\])?[ >])[ *qr] +\S.*, )(?:\d\d:){2}\d\d$", r"\1<age>"),
        (r"(?<=\(fd )\d+(?=\))", "<fd>"),
        (r"(?<= nhid )\d+", "<nhid>"),
        (r"^(  Last update: ).*\d\d:\d\d:\d\d \d{4}$", r"\1<date>"),
        # A map is asked again whenever something near it changes, here once for equal attributes.
        (r"(?<=Invoked )\d+", "<count>"),
        # Penalties of routes that flap, which become less every five seconds
        (r"(?<=Dampinfo: penalty )\d+(, flapped \d+ times in )[\d:]{8}", r"<penalty>\1<time>"),
        (r"(?<=, reuse in )\d\d:\d\d:\d\d", "<time>"),
        (r'("(?:dampeningPenalty|reuseTimerMsecs)": ?)\d+', r"\1<penalty>"),
        (r"^([ *][dh>].{16}.* )\d\d:\d\d:\d\d( (?:\d\d:\d\d:\d\d|        ) .*)$", r"\1<time>\2"),
        (r"^([ *][dh>].{16}.* )\d\d:\d\d:\d\d( .*)$", r"\1<time>\2"),
        (r'(?<=,)"peerUptime":"[\d:]+"', '"peerUptime":<age>'),
        (r'(?<=,)"peerUptimeMsec":\d+', '"peerUptimeMsec":<msec>'),
        (r'(?<=,)"peerUptimeEstablishedEpoch":\d+', '"peerUptimeEstablishedEpoch":<epoch>'),
        # Addresses in memory and counts of references
        (r"^\[0x[0-9a-f]+\] \(\d+\) ", "[<address>] (<count>) "),
        # What gobgp and birdc show
        (r"^(.*?\S/\d+ .*?)(?:\d\d:){2}\d\d(?= +\[\{)", r"\1<age>"),
        (r"(?<= \[)(\w+) (?:\d\d:){2}\d\d\.\d{3}(?=[\] ])", r"\1 <time>"),
        (r'^ *"processScheduled":true,\n', ""),
    )
)
HIDDEN = "FE80::"
SETTLING = 1.5
"""Seconds in which FRR tells its neighbors of a change."""
STILL = 0.4
"""Seconds between two equal answers of a recording."""
PATIENCE = 12.0
"""Seconds that a play waits for answers to become as recorded, for all its steps together."""


def masked(text: str) -> str:
    """`text` without what two runs cannot share."""
    for pattern, by in CHANCE:
        text = pattern.sub(by, text)
    # The interfaces have fixed addresses here, so link-local ones are compared: they are hidden
    # from the mask that would replace them.
    return mask(text.replace("fe80::", HIDDEN)).replace(HIDDEN, "fe80::")


def record(folder: Path) -> None:
    """Play the topology with the real FRR and write expected.txt.

    A while after each change, each question is asked until two answers in a row are equal.
    """
    parts = [HEAD]
    with scene(folder, "frr") as made:
        for question in made.tell():
            if question.again and made.acted:
                time.sleep(SETTLING)
                made.acted = False
            text = _answer(question)
            while question.again:
                time.sleep(STILL)
                before, text = text, _answer(question)
                if text == before:
                    break
            parts.append(f"{MARK}{question.title}\n{text}")
    (folder / "expected.txt").write_text("".join(parts))


def compare(folder: Path, kind: str) -> str:
    """Play it with that router: a unified diff of each step that differs, empty if none does.

    A question is asked again until the answer is the expected one, for a few seconds in all: what
    routers do at the same time is done in any order.
    """
    wanted = _cut((folder / "expected.txt").read_text())
    found, patience = [], PATIENCE
    with scene(folder, kind) as made:
        for number, question in enumerate(made.tell()):
            title, text = wanted[number] if number < len(wanted) else ("nothing", "")
            if title != question.title:
                return f"{question.title}: recorded is {title}; record the story again\n"
            begun = time.monotonic()
            until = begun + max(patience, STILL)
            got = _answer(question)
            while question.again and got != text and time.monotonic() < until:
                time.sleep(INTERVAL)
                got = _answer(question)
            patience -= time.monotonic() - begun if got != text else 0
            if got != text:
                where = f"answer {number + 1} of {len(wanted)}"
                found.append(f"{MARK}{title}\n({where})\n{_diff(text, got, kind)}")
    return "".join(found)


def _answer(question: Question) -> str:
    return ended(masked(question.ask()))


def _diff(wanted: str, got: str, kind: str) -> str:
    left, right = (text.splitlines(keepends=True) for text in (wanted, got))
    lines = difflib.unified_diff(left, right, "FRR recorded", kind, n=4)
    return "".join(map(_visible, lines))


def _cut(text: str) -> list[tuple[str, str]]:
    """Title and answer of each step."""
    found = []
    for part in re.split(rf"^{MARK}", text, flags=re.M)[1:]:
        title, *lines = part.splitlines(keepends=True)
        while lines and lines[0].startswith(BELOW):
            title += lines.pop(0)
        found.append((title.removesuffix("\n"), "".join(lines)))
    return found


def _visible(line: str) -> str:
    bare = line.rstrip("\n")
    kept = bare.rstrip(" ")
    return kept + "·" * (len(bare) - len(kept)) + "\n"
