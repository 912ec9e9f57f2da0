"""The command language: notation, tokens, and one graph for matching, Tab, `?` and printing.

A notation compiles to a token tree (`notation`, `tokens`). Trees are merged to the graph of a node
(`graph`), which `match` walks with the words of a line and `complete` with the beginning of one.
`unparse` goes back from values to the line. Nothing here knows any command or does any I/O beyond
reading `compiled.json`; `pyparsing` is imported by `notation` alone, when a notation is new.
"""
