# SPDX-License-Identifier: Apache-2.0
"""Whoever hangs on a port, certified by nobody: it may neither steer the custodian's terminal nor hold up the station."""

import json
import time

import pytest
from line_double import LineDouble
from stations import StationBureau
from tests.chainbuilder import ChainBuilder

from sealdock.cli import run
from sealdock.cli.base import Env, json_line
from sealdock.home import Home
from sealdock.link import client, ports
from sealdock.text import printable
from sealproto import cose, handshake

STEERING = "\x1b]0;all is well\x07\x1b[2J\u202e\x9b1m"


def plain(text: str) -> bool:
    return text == printable(text, "\n")


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_the_words_of_a_stranger_do_not_reach_the_terminal(
    home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], options: list[str]
) -> None:
    """It needs no certificate to send a proof whose content type is what it likes."""
    honest = handshake.Keys.sign

    def sign(keys: handshake.Keys, role: int, identity: "handshake.Identity") -> bytes:
        raw = honest(keys, role, identity)
        return cose.sign1(STEERING, identity.kid, cose.parse(raw).payload, identity.sign) if role == handshake.RECORDER else raw

    monkeypatch.setattr(handshake.Keys, "sign", sign)
    with LineDouble(ChainBuilder(StationBureau(home))) as stranger:
        assert run(["sync", "--port", stranger.url, *options]) == 1
    said = capsys.readouterr()
    assert "all is well" in said.err
    assert plain(said.err) and plain(said.out)


def test_the_name_of_a_usb_device_does_not_steer_the_terminal(
    home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sealdock.link.list_ports", lambda: [ports.Port("/dev/ttyACM0", STEERING)])
    assert run(["devices"]) == 0
    assert run(["devices", "--json"]) == 0
    said = capsys.readouterr().out
    lines = said.splitlines()
    assert "all is well" in lines[0] and plain(lines[0])
    assert json.loads(lines[1])["ports"][0]["name"] == STEERING and "\x1b" not in said and "\x9b" not in said


def test_nothing_in_a_table_is_markup(capsys: pytest.CaptureFixture[str]) -> None:
    """A name such as this one, which somebody else may have chosen, once ended the command."""
    Env().table(["head-officer"], [["[/red]"], [STEERING]])
    shown = capsys.readouterr().out
    assert "[/red]" in shown and plain(shown)


def test_json_stays_the_same_value() -> None:
    assert json.loads(json_line([STEERING, "\x7f中"])) == [STEERING, "\x7f中"]


class Trickle(LineDouble):
    """Answers the offer with one byte now and then, for as long as anybody listens."""

    def _send(self, data: bytes) -> None:
        for at in range(len(data)):
            super()._send(data[at : at + 1])
            until = time.monotonic() + 0.1
            while time.monotonic() < until:
                self._turn()


def test_an_answer_byte_by_byte_ends_with_the_attempt(
    home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(client, "HANDSHAKE_MS", 500)
    with Trickle(ChainBuilder(StationBureau(home))) as stranger:
        begun = time.monotonic()
        assert run(["sync", "--port", stranger.url]) == 4
        assert time.monotonic() - begun < 5
    assert "was lost" in capsys.readouterr().err
