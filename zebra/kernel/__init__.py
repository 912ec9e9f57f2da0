"""The kernel as zebra sees it: `api` is the seam, `netlink` is Linux, `memory` needs no rights.

`encode` turns changes to netlink bytes. Nothing here knows routes' owners, distances or ZAPI;
`netlink` is the only module of the project that imports pyroute2.
"""
