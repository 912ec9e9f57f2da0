"""A router under load whose processes are killed (`crash.py`) or that runs for long (`soak.py`).

`speakers.py` are its neighbours, `scene.py` puts them beside a router, `timeline.py` plots.
"""
