"""Figures that several of FRR's tables share; the tables are fixed formats of their own."""


def memory_text(size: int) -> str:
    """A number of bytes as FRR's summaries write it: `576 bytes`, `716 KiB`, `11 MiB`.

    A unit is used from 11 of it on and is rounded half up; from 2^31 bytes it is `> 2GB`.
    """
    if size >= 1 << 31:
        return "> 2GB"
    for shift, unit in ((20, "MiB"), (10, "KiB")):
        if size >> shift > 10:
            return f"{(size + (1 << shift - 1)) >> shift} {unit}"
    return "1 byte" if size == 1 else f"{size} bytes"
