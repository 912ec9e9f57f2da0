"""EVPN's data plane (RFC 7432, RFC 8365): VNIs of VXLAN interfaces, hosts here and elsewhere.

`Evpn` hears of VXLAN interfaces and bridges from zebra's watcher, of hosts from the kernel and of
other routers' hosts from bgpd. It tells bgpd of VNIs and hosts, and enters the others' into the
kernel. All of it begins when bgpd asks for it (`advertise-all-vni`) and ends with that.

`state` is what is known, `local` follows what happens here, `remote` what bgpd says. Nothing here
knows of sockets or of show commands.
"""
