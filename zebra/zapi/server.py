"""zebra's end: a unix socket that clients connect to."""

import asyncio
import errno
import os
import socket
import stat
from collections.abc import Callable
from contextlib import suppress

from zebra.zapi.listening import Listening, Say
from zebra.zapi.stream import StreamLink

_BACKLOG = 100


def _unheard(text: str) -> None:
    pass


class Server:
    """Listens on `path`; `accept` gets a link for each client, before any of its messages.

    The socket's mode is 0700; `owner` (uid, gid) gives it to the user that the clients run as.
    """

    def __init__(
        self,
        path: str,
        accept: Callable[[StreamLink], None],
        owner: tuple[int, int] | None = None,
        say: Say = _unheard,
    ) -> None:
        """`say` hears what its log should."""
        self._path = path
        self._owner = owner
        self._accept = accept
        self._say = say
        self._server: asyncio.Server | None = None
        self._socket: socket.socket | None = None
        self._links: set[StreamLink] = set()
        self._inode = 0

    def claim(self) -> None:
        """Make the socket ours; OSError says in a sentence why that is not possible.

        A socket left by a dead zebra is removed, one that somebody answers on is not. Clients
        that connect from now on are served after `start`.
        """
        self._socket = listen(self._path)
        if self._owner is not None:
            os.chown(self._path, *self._owner)
        self._inode = os.stat(self._path).st_ino

    async def start(self) -> None:
        """Serve clients; OSError as `claim`, which it does if that was not done."""
        if self._socket is None:
            self.claim()
        assert self._socket is not None
        self._socket = Listening.of(self._socket, self._say, self._path)
        loop = asyncio.get_running_loop()
        self._server = await loop.create_unix_server(self._new_link, sock=self._socket)

    async def stop(self) -> None:
        """Close the clients' links after what was sent to them, and take the socket away."""
        if self._server is None:
            if self._socket is not None:
                self._socket.close()
                self._unlink()
            return
        self._server.close()
        links = list(self._links)
        for link in links:
            link.close()
        await asyncio.gather(*(asyncio.shield(link.finished) for link in links))
        await self._server.wait_closed()
        self._server = None
        self._unlink()

    def _unlink(self) -> None:
        with suppress(FileNotFoundError):
            if os.stat(self._path).st_ino == self._inode:
                os.unlink(self._path)

    def _new_link(self) -> StreamLink:
        return StreamLink(self._welcome, server=True)

    def _welcome(self, link: StreamLink) -> None:
        self._links.add(link)
        link.finished.add_done_callback(lambda _finished: self._links.discard(link))
        self._accept(link)


def listen(path: str) -> socket.socket:
    """A listening unix socket of mode 0700 at `path`, in place of one that nobody answers on."""
    _remove_stale(path)
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    former = os.umask(0o077)
    try:
        sock.bind(path)
        sock.listen(_BACKLOG)
    except OSError as error:
        sock.close()
        reason = error.strerror or str(error)
        raise OSError(error.errno, f"cannot listen on {path}: {reason}") from error
    finally:
        os.umask(former)
    sock.setblocking(False)
    return sock


def _remove_stale(path: str) -> None:
    try:
        mode = os.lstat(path).st_mode
    except OSError:
        return  # nothing there; or bind will say what is wrong
    if not stat.S_ISSOCK(mode):
        raise OSError(errno.EEXIST, f"cannot listen on {path}: there is a file that is no socket")
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(1.0)
        try:
            probe.connect(path)
        except ConnectionRefusedError:
            os.unlink(path)
        except OSError as error:
            reason = error.strerror or str(error)
            raise OSError(error.errno, f"cannot listen on {path}: {reason}") from error
        else:
            raise OSError(errno.EADDRINUSE, f"cannot listen on {path}: another zebra is there")
