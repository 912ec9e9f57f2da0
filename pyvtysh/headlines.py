"""What vtysh says ahead of the answers of the daemons, where it asks all of them."""

HEADLINES = {
    "show memory": "Memory statistics for {}:",
    "show logging": "Logging configuration for {}:",
    "show modules": "Module information for {}:",
    "show work-queues": "Work queue statistics for {}:",
    "show thread cpu [FILTER]": "Thread statistics for {}:",
    "show thread poll": "Thread statistics for {}:",
    "show thread timers": "Thread timers for {}:",
}
"""Commands that every daemon is asked, with the line that goes ahead of each answer."""

HASH_TABLES = """
Load factor (LF) - average number of elements across all buckets
Full load factor (FLF) - average number of elements across full buckets

Standard deviation (SD) is calculated for both the LF and FLF
and indicates the typical deviation of bucket chain length
from the value in the corresponding load factor.

"""
