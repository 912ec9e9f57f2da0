"""A client of a daemon's vty socket, as FRR's vtysh and frr_exporter are."""

import socket
from pathlib import Path
from typing import Self


class Vty:
    """One connection to `<folder>/<daemon>.vty`, in enable mode; a context manager."""

    def __init__(self, folder: Path, daemon: str) -> None:
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(10)
        try:
            self.socket.connect(str(folder / f"{daemon}.vty"))
            self.ask("enable")
        except BaseException:
            self.socket.close()
            raise

    def ask(self, line: str) -> tuple[str, int]:
        """The text and the status byte of an answer."""
        self.socket.sendall(line.encode() + b"\0")
        data = b""
        while data[-4:-1] != b"\0\0\0":
            piece = self.socket.recv(1 << 16)
            assert piece, f"{line}: closed behind {data!r}"
            data += piece
        return data[:-4].decode(), data[-1]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()
