"""Regular expressions as FRR takes them, searched for in time that is linear in the text.

`syntax` reads an expression into a tree, `automaton` searches for it. Used by bgpd's lists and by
`| include`; Python's own expressions have another grammar, and some of them never come back.
"""
