"""The command language of FRR: how lines are matched, completed, applied and printed back.

Owns: the notation of commands (`language/`), their declarations (`command`, `scope`), the nodes
(`node`), the only executor of lines (`session`), config text as a tree (`config`), FRR's output
layouts (`output/`) and the values everything speaks of (`base/`).

In flow lines of text, out flow changes of a daemon's configuration, effects, and chunks of text.
It imports nothing of ours, does no I/O, and knows no daemon by name.
"""
