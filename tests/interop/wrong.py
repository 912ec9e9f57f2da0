"""Lines with a word wrong, drawn at random but the same in every run."""

import random

HEADER = (
    "frr version 8.4.4",
    "frr defaults traditional",
    "Building configuration...",
    "Current configuration:",
    "end",
)
WORDS = ("nonsense", "-1", "0", "99999999999", "256", "10.0.0.999", "10.1.0.0/33", "::1", "?x", "")


def mangled(rng: random.Random, line: str) -> str:
    """The line with one word wrong."""
    words = line.split()
    place = rng.randrange(1, len(words)) if len(words) > 1 else 0
    kind = rng.random()
    if kind < 0.3:
        words = words[:place]
    elif kind < 0.4:
        words.insert(place, words[place])
    elif kind < 0.5:
        words.append(rng.choice(WORDS))
    else:
        words[place] = rng.choice(WORDS)
    return " ".join(words).strip()
