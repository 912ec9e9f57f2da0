"""Filters behind a command: `show ip bgp | exclude 10\\. | first 5`.

In flows the text of an answer, out flows what is left of it. `words` reads a line, `text` filters
lines, `tables` finds the columns of text tables, `rows` works on them, `values` is about JSON;
`running` puts them behind a command. Nothing here knows a terminal or a daemon. Filters pass lines
on as they come; `sort`, `last` and JSON behind an expression keep what they must.

FRR's own `| include REGEX` stays as it is: in a line in which FRR would take everything behind it
for the expression, and no other filter of ours follows a bar, it is that.
"""
