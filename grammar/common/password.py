"""Passwords of `service password-encryption`: salted hashes instead of the text that was typed."""

import os

_ROUNDS = 100_000


def sealed(text: str, salt: bytes | None = None) -> str:
    """The hash of a password, one word, as it is printed behind `password 8`."""
    import hashlib  # costly, and the shell imports this module at every start

    salt = salt if salt is not None else os.urandom(8)
    digest = hashlib.pbkdf2_hmac("sha256", text.encode(), salt, _ROUNDS)
    return f"$p${salt.hex()}${digest.hex()}"


def opens(text: str, stored: str) -> bool:
    """True if `text` is the password stored, sealed (`8 HASH`) or plain."""
    import hmac

    mark, _, word = stored.partition(" ")
    if mark != "8" or not word:
        return hmac.compare_digest(text.encode(), stored.encode())
    try:
        _, _, salt, _ = word.split("$")
        return hmac.compare_digest(sealed(text, bytes.fromhex(salt)), word)
    except ValueError:
        return False
