"""Candidate configuration: `configure private`, `commit`, `rollback`.

A candidate is edited in daemons that do nothing (`draft`): they have the running configuration and
take each line as the real ones would, so abbreviations, `no` in all its forms and refusals mean
what they mean in a router. Lines of FRR's daemons without counterpart here are kept as text
(`foreign`). At a commit the lines that lead from the running configuration to the wanted one are
found by trying them on such daemons (`plan`), checked against what changed meanwhile (`merge`) and
then typed into the real daemons (`apply`), which are put back if one of them refuses a line.

`editing` joins all this to a shell, `commands` declares its lines, `archive` keeps what was
committed, `lock` says who may commit, and `confirm` and `guard` take back what nobody confirmed.
It reads no daemon but through the shell's links, and nothing of it is imported before it is used.
"""
