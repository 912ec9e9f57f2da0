"""Router advertisements (RFC 4861): what hosts are told, and how interface peers find each other.

`packet` makes and reads the messages, `advertiser` decides when they go out and who is told of a
neighbouring router, `icmp` is the socket. Only `icmp` does I/O.
"""
