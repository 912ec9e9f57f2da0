"""What FRR's watchfrr is to vtysh: who is watched, who is up, and who writes frr.conf.

`commands` is its language, `watchfrr` the component behind its vty. The one who really watches
(`pyvtysh.host.supervisor`, or the one process in which all daemons live) tells it what happens.
"""
