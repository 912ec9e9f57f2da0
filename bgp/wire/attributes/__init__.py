"""Path attributes: one module per family, each ending in its rows; `registry` collects the rows.

A row (`row.Attribute`) holds name, flags, decoder, encoder and RFC 7606 reaction; `reader` is the
one loop that applies them to the attributes of an UPDATE.
"""
