"""zebra and staticd on this namespace's kernel, driven by lines on standard input.

`python -m tests.zebra.process ZEBRA_CONF STATICD_CONF`: each line of input is a command for zebra
(`static: LINE` for staticd, from config on); the answer is one line of JSON, `[status, text]`.
"""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from grammar.base.clock import SystemClock
from grammar.base.log import MemoryLog
from grammar.node import CONFIG, ENABLE
from grammar.session import Session
from zebra.kernel.netlink import NetlinkKernel
from zebra.staticd.staticd import Staticd
from zebra.zapi.link import PairLink
from zebra.zebra import Zebra


def load(daemon: Any, path: str) -> None:
    """Read a configuration file as a daemon does at its start."""
    session = Session(daemon, CONFIG)
    session.loading = True
    for line in Path(path).read_text().splitlines():
        reply = session.execute(line)
        text = "".join(reply.output)
        if reply.status:
            print(f"{line}: {text}", file=sys.stderr)
    session.flush()


async def main(zebra_conf: str, staticd_conf: str) -> None:
    """Run until the input ends, then stop as on SIGTERM."""
    loop = asyncio.get_running_loop()
    clock, log = SystemClock(), MemoryLog()
    kernel = NetlinkKernel()
    zebra = Zebra(loop, clock, log, kernel)
    staticd = Staticd(loop, clock, log)
    zebra.start()
    client, server = PairLink.make(loop.call_soon)
    zebra.accept(server)
    staticd.attach_zebra(client)
    load(zebra, zebra_conf)
    load(staticd, staticd_conf)
    sessions = {"": Session(zebra, ENABLE), "static": Session(staticd, CONFIG)}
    print("ready", flush=True)
    while line := (await loop.run_in_executor(None, sys.stdin.readline)).strip():
        if line == "log":
            print(json.dumps([0, log.text]), flush=True)
            continue
        target, colon, rest = line.partition(": ")
        session = sessions["static"] if colon and target == "static" else sessions[""]
        reply = session.execute(rest if session is sessions["static"] else line)
        print(json.dumps([int(reply.status), "".join(reply.output)]), flush=True)
    staticd.stop()
    zebra.stop()
    await asyncio.sleep(0.5)
    kernel.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
