"""Show commands: `views` hold what is to be said, `build` makes them from the daemon's state,
`text` and `json` turn them into FRR's bytes. Views know nothing of state or of formats, renderers
know only views.
"""
