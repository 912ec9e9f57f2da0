"""The answer to `show version`: programs find release, host and kernel in its first line."""

VERSION = "8.4.4"
"""The release of FRR that the daemons and vtysh speak like."""

_BUILD = (
    "--build=x86_64-linux-gnu --prefix=/usr --includedir=${prefix}/include"
    " --mandir=${prefix}/share/man --infodir=${prefix}/share/info --sysconfdir=/etc"
    " --localstatedir=/var --disable-option-checking --disable-silent-rules"
    " --libdir=${prefix}/lib/x86_64-linux-gnu --libexecdir=${prefix}/lib/x86_64-linux-gnu"
    " --disable-maintainer-mode --localstatedir=/var/run/frr --sbindir=/usr/lib/frr"
    " --sysconfdir=/etc/frr --with-vtysh-pager=/usr/bin/pager"
    " --libdir=/usr/lib/x86_64-linux-gnu/frr --with-moduledir=/usr/lib/x86_64-linux-gnu/frr/modules"
    " --disable-dependency-tracking --enable-rpki --disable-scripting --disable-pim6d"
    " --with-libpam --enable-doc --enable-doc-html --enable-snmp --enable-fpm --disable-protobuf"
    " --disable-zeromq --enable-ospfapi --enable-bgp-vnc --enable-multipath=256 --enable-user=frr"
    " --enable-group=frr --enable-vty-group=frrvty --enable-configfile-mask=0640"
    " --enable-logfile-mask=0640 build_alias=x86_64-linux-gnu PYTHON=python3"
)
"""The build that Debian 12's FRR names; it states which features clients may expect."""


def version_text(hostname: str, kernel: str) -> str:
    """The lines of `show version` for this host name and kernel release."""
    build = " ".join(f"'{option}'" for option in _BUILD.split())
    return (
        f"FRRouting {VERSION} ({hostname}) on Linux({kernel}).\n"
        "Copyright 1996-2005 Kunihiro Ishiguro, et al.\n"
        f"configured with:\n    {build}\n"
    )
