"""What `-h` and `-v` print."""

from grammar.base.release import version_text
from grammar.common.config import VERSION

PROFILES = ("traditional", "datacenter")
VTY_PORTS = {"zebra": 2601, "bgpd": 2605, "staticd": 2616, "bfdd": 2617}

_COMMON = """\
  -h, --help              This text
  -v, --version           The version
  -d, --daemon            Run in the background; returns when the daemon is usable
  -f, --config_file FILE  Configuration to read (/etc/frr/{name}.conf)
      --config_dir DIR    Where the configuration is (/etc/frr)
  -C, --dryrun            Check the configuration file and end
  -t, --terminal          The vty on this terminal; the daemon ends with it, or with -d goes on
  -i, --pid_file FILE     Where the process's number is written (/var/run/frr/{name}.pid)
  -z, --socket PATH       zebra's socket (/var/run/frr/zserv.api)
      --vty_socket DIR    Where the vty socket is (/var/run/frr)
  -N, --pathspace NAME    A folder of this name below the configuration and run folders
  -A, --vty_addr ADDR     Serve the vty by TCP too, on this address
  -P, --vty_port PORT     and on this port ({port}; 0: not by TCP)
  -u, --user USER         Run as this user (as whoever starts it)
  -g, --group GROUP       and this group
      --view-group GROUP  Who may look and change nothing (frrview)
      --metrics [ADDRESS:]PORT
                          Metrics for Prometheus, by HTTP (on 127.0.0.1; docs/metrics.md)
      --log-audit         Log who changed what (docs/shell-access.md)
      --log-format FORMAT How log lines look: frr or json (frr)
  -F, --profile PROFILE   Set of defaults: traditional or datacenter
  -M, --module NAME       One of FRR's modules, which are built in or not there
      --log TARGET        stdout, syslog or file:NAME; may be given several times
      --log-level LEVEL   The least severe level that --log writes (debugging)
      --command-log-always
                          Log each line that a user sends
      --limit-fds N       At most so many open files
      --tcli, --moduledir DIR, --scriptdir DIR, -o NAME
                          Accepted without effect
"""
_ABOUT = {
    "zebra": "Routes of all daemons, and the kernel's routing table.",
    "bgpd": "The BGP routing protocol.",
    "staticd": "Static routes.",
    "bfdd": "Bidirectional forwarding detection: its configuration; no session runs yet.",
}
_OWN = {
    "zebra": """\
  -r, --retain            Leave the routes in the kernel at the end
  -K, --graceful_restart SECONDS
                          Leave routes of a former zebra alone at the start
  -e, --ecmp N            At most so many next hops for a route (256)
  --asic-offload          Show what hardware beneath the kernel does with routes
  -s, -a, -b, -n, --v6-rr-semantics
                          Accepted without effect
""",
    "bgpd": """\
  -p, --bgp_port PORT     Port to listen on (179; 0: do not listen)
  -l, --listenon ADDR     Listen on this address only; may be given several times
  -n, --no_kernel         Give zebra no routes
  -Z, --no_zebra          Do without zebra; every next hop counts as reachable
  -S, --skip_runas        Stay as started, whatever -u and -g say
  -e, --ecmp N            At most so many next hops for a route (256)
  -I, -s VALUE            Accepted without effect
""",
    "staticd": "",
    "bfdd": """\
      --bfdctl PATH, --dplaneaddr ADDR
                          Accepted without effect
""",
}
_PYVTYSH = """\
Usage: pyvtysh [OPTION...]
       pyvtysh check FILE...    What is wrong in configuration files (docs/shell.md)

A router in one process: zebra, staticd, bgpd and bfdd, with the shell when started on a terminal.
Which of them run, and with which options, is in FRR's file `daemons`.

  -h, --help              This text
  -v, --version           The version
  -d, --daemon            Run in the background; returns when the router is usable
      --no-shell          Stay in the foreground without a shell, until a signal ends it
      --processes         Each daemon in a process of its own, watched and restarted; no shell
      --config_dir DIR    Where zebra.conf, staticd.conf, bgpd.conf or frr.conf, daemons and
                          vtysh.conf are (/etc/frr)
      --vty_socket DIR    Where sockets and pid files are made (/var/run/frr; for users who cannot
                          write there $XDG_RUNTIME_DIR/pyvtysh or /tmp/pyvtysh-UID, which `vtysh`
                          then needs as its --vty_socket)
  -N, --pathspace NAME    A folder of this name below both
  -z, --socket PATH       zebra's socket for other clients (zserv.api beside the vty sockets)
  -i, --pid_file FILE     Where the process's number is written
  -A, --vty_addr ADDR     Serve the daemons' vty by TCP too, on this address
  -P, --vty_port 0        and do not, for 0; the ports are FRR's (2601, 2605, 2616)
  -p, --bgp_port PORT     Port for BGP (179; 0: do not listen). Without it and without the right to
                          use 179, port 1790
  -l, --listenon ADDR     Listen for BGP on this address only; may be given several times
  -r, --retain            Leave the routes in the kernel at the end
  -u, -g, -F, -M, --view-group, --metrics, --log-audit, --log-format
                          As for the daemons
      --log TARGET        stdout, syslog or file:NAME; may be given several times
      --log-level LEVEL   The least severe level that --log writes (debugging)
      --memory FILE, --memory NAME=PREFIX
                          Leave the kernel alone: there are the interfaces that the file describes,
                          or one with this address; may be given several times. SIGHUP reads the
                          files again and carries out what changed
      --wire DIR          Wires and BGP over sockets in this folder, between processes that are
                          given the same folder
"""


def usage(program: str) -> str:
    """The text of `-h`."""
    if program == "pyvtysh":
        return _PYVTYSH
    common = _COMMON.format(name=program, port=VTY_PORTS[program])
    return f"Usage: {program} [OPTION...]\n\n{_ABOUT[program]}\n\n{common}{_OWN[program]}"


def version(program: str) -> str:
    """The text of `-v`: programs read the third word of the first line."""
    rest = version_text("", "").split("\n", 1)[1].replace("\n    ", "\n\t")
    return f"{program} version {VERSION}\n{rest}"
