"""Policy: what a route-map lets through (matches and sets come with their own work).

In flow a route, out flow whether it passes. It must not import `show` or `commands`.
"""
