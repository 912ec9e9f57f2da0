"""BGP messages as bytes: framing, OPEN, UPDATE, NOTIFICATION, ROUTE-REFRESH and their parts.

Pure functions of bytes. What a peer sends is either decoded or ends in `errors.Malformed`, which
knows the NOTIFICATION and how far the damage goes (RFC 7606); no other exception leaves a decoder.
Encoders give bytes as FRR 8.4.4 sends them. Nothing here reads configuration or keeps state, but
for `message.Framer`, which holds the incomplete message at the end of the stream.
"""
