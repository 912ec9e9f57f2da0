"""The TCP vty: guesses of passwords and clients at once are bounded."""

import asyncio

from grammar.base.clock import FakeClock
from pyvtysh.host.bouncer import AT_ONCE, GUESSES, WITHIN, Bouncer
from pyvtysh.host.telnet import TelnetServer
from tests.grammar.toy import Farm

END = b"% Bad passwords, too many failures!\r\n"


def test_an_address_may_guess_so_often_and_then_waits() -> None:
    clock, said = FakeClock(), list[str]()
    bouncer = Bouncer(clock.now, said.append, lambda: 1)
    for number in range(GUESSES):
        assert bouncer.admits("192.0.2.1")
        assert bouncer.wrong("192.0.2.1") == (number < GUESSES - 1)
        clock.advance(1)
    assert not bouncer.admits("192.0.2.1")
    assert bouncer.admits("192.0.2.2")
    assert said == ["vty by TCP: 9 wrong passwords from 192.0.2.1, refused for 60 seconds"]
    clock.advance(WITHIN)
    assert bouncer.admits("192.0.2.1")


def test_slow_guesses_and_many_addresses_take_no_room() -> None:
    clock = FakeClock()
    bouncer = Bouncer(clock.now, lambda text: None, lambda: 1)
    for _ in range(GUESSES * 3):
        assert bouncer.wrong("192.0.2.1")
        clock.advance(WITHIN / 4)
    for number in range(5000):
        bouncer.wrong(f"10.0.{number // 250}.{number % 250}")
    assert len(bouncer._guesses) == 1024


def test_the_server_refuses_who_guesses_and_who_is_too_many() -> None:
    async def guess(port: int) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            writer.write(b"wrong\r\n" * 3)
            return await reader.read()
        except ConnectionResetError:
            return b""
        finally:
            writer.close()

    async def run() -> None:
        farm = Farm()
        farm.common.password = "right"
        server = TelnetServer(farm, "127.0.0.1", 0)
        await server.start()
        await server.accept()
        (port,) = server.ports
        answers = [await guess(port) for _ in range(GUESSES // 3 + 1)]
        assert [answer.endswith(END) for answer in answers] == [*[True] * (GUESSES // 3), False]
        assert answers[-1] == b""
        farm.common.login = False  # no password is asked: only the number counts
        server._bouncer._guesses.clear()
        clients = [await asyncio.open_connection("127.0.0.1", port) for _ in range(AT_ONCE)]
        for reader, _ in clients:
            assert await reader.read(1)
        assert await guess(port) == b""
        for _, writer in clients:
            writer.close()
        server.close()
        await asyncio.sleep(0.01)

    asyncio.run(run())
