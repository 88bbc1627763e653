"""A link in few characters: any state as one parameter, with nothing kept on a server.

A code is one character for its packing, then base64url of a checksum and the link in words, deflated with a dictionary
of what links commonly say. The words are a link's own, so that what opens as a long link opens as a short one, and a
name that a version does not know is ignored in both.
"""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode

PARAMETER = "s"
"""The parameter of a link that holds a code."""

PACKING = "1"
"""How a code is packed: its first character. Another dictionary is another packing."""

DICTIONARY = (
    b"mode=presenter&reading=lessons&lesson=8&teacher=on&guesses=1_2%3B2_4&part=chooser&axis=params&spacing=linear&kind=real&cloud=off&only_family=&only_recipe=&only_data=&since=20"
    b"&card=tf_efficientnet_b0.ns_jft_in1k&limit_macs=&limit_params=&limit_memory=&limit_ms=&beside=links&links="
    b"&drawn=cells&method=grad_cam&stage=&versus=&left=&top=&right=&bottom=&study=own&triple=1.2%2C1.1%2C1.15&pins="
    b"&view=trust&view=compare&view=difference&view=resolution&view=family&view=package&view=catalogue&class_index="
    b"&opacity=&photo=coffee&photo=cat_and_coffee&photo=camera&photo=rocket&photo=upload&network=lite0&network=lite1"
    b"&network=lite2&weights=&version=v1&exponent=-0.07&chapter=baseline&chapter=dimensions&chapter=single"
    b"&chapter=balance&chapter=rule&chapter=steps&chapter=search&chapter=results&chapter=sizes&chapter=others"
    b"&chapter=latency&chapter=transfer&chapter=maps&chapter=after&chapter=errata&panel=promise&panel=memory"
    b"&panel=speed&panel=twins&panel=budget&panel=map&drawing=blocks&block=&own=%7B%22&family=own&family=lite"
    b"&family=mobilenetv1&family=mobilenetv2&family=resnet50&by=direct&phi=0.5&alpha=1.2&beta=1.1&gamma=1.15&rounding=none"
    b"&rounding=nearest&hold=alpha&hold=beta&hold=gamma&depth=1.1&depth=1.2&depth=1.4&depth=1.8&depth=2.2&depth=2.6"
    b"&depth=3.1&width=1.1&width=1.2&width=1.4&width=1.6&width=1.8&width=2&pixels=240&pixels=260&pixels=300&pixels=380"
    b"&pixels=456&pixels=528&pixels=600&phi=2&phi=3&phi=4&phi=5&phi=6&phi=7"
)
"""What links commonly say, the commonest last. For ever: a code can only be read with the one that it was made with."""

CHECKSUM_BYTES = 2
MOST_CHARACTERS, MOST_BYTES = 20_000, 100_000

DAMAGED = "The short link is damaged: characters of it are missing or were changed. Copy the link again, whole."


class BrokenLinkError(Exception):
    """A code cannot be read; the message says so to the visitor."""


def shorten(query: Mapping[str, str]) -> str:
    """The code of a link's settings, as `declarations.to_query` writes them; the same for the same settings."""
    words = urlencode(query).encode()
    packer = zlib.compressobj(9, wbits=-zlib.MAX_WBITS, zdict=DICTIONARY)
    packed = packer.compress(words) + packer.flush()
    return PACKING + _characters(_checksum(words) + packed)


def expand(code: str) -> dict[str, str]:
    """The settings of a code, as a link spells them.

    Raises:
        BrokenLinkError: characters are missing or wrong, or the packing is a newer one.
    """
    if code[:1].isdecimal() and code[:1] != PACKING:
        raise BrokenLinkError(
            "This short link was made by a newer version of the explorer. Ask for the full link instead."
        )
    words = _unpacked(code)
    return dict(parse_qsl(words.decode("ascii"), keep_blank_values=True))


def _unpacked(code: str) -> bytes:
    """The link in words, as ASCII."""
    opened = zlib.decompressobj(wbits=-zlib.MAX_WBITS, zdict=DICTIONARY)
    try:
        data = base64.b64decode(code[1:MOST_CHARACTERS] + "=" * (-len(code[1:]) % 4), "-_", validate=True)
        words = opened.decompress(data[CHECKSUM_BYTES:], MOST_BYTES)
    except (ValueError, zlib.error) as error:
        raise BrokenLinkError(DAMAGED) from error
    # Spare bits at the end of a code could differ and mean the same: one state has one code.
    whole = opened.eof and not opened.unused_data
    if not whole or PACKING + _characters(data) != code or _checksum(words) != data[:CHECKSUM_BYTES]:
        raise BrokenLinkError(DAMAGED)
    return words


def _checksum(words: bytes) -> bytes:
    return binascii.crc_hqx(words, 0xFFFF).to_bytes(CHECKSUM_BYTES, "big")


def _characters(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
