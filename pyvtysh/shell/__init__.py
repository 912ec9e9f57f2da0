"""The interactive terminal: prompt, completion, keys and pager, on prompt_toolkit.

In flow keys, out flow lines for `pyvtysh.dispatch` and its answers on the screen. It holds no rule
of the language and knows no daemon; it is imported only when there is somebody to talk to.
"""
