# SPDX-License-Identifier: Apache-2.0
"""Stations for tests: a real one in a folder, and chains of recorders that it enrolled."""

from pathlib import Path

from tests.chainbuilder import Bureau, ChainBuilder

from sealdock import keys, setup
from sealdock.home import Home
from sealdock.station import Station, now_ms, read_sequence
from sealproto import codes


class StationBureau(Bureau):
    """The bureau of a station on disk: its keys, read back."""

    def __init__(self, home: Home) -> None:
        self.root = keys.load_signing(home.root_key)
        self.station = keys.load_signing(home.station_key)
        self.signer = keys.load_signing(home.signer_key)
        self.recipient = keys.load_agreement(home.recipient_key)
        self.escrow = keys.load_agreement(home.escrow_key)
        self.certificates = read_sequence(home.certificates)
        self.revocations = home.revocations.read_bytes()
        self.until = now_ms() + 10**11


def make_home(folder: Path) -> Home:
    home = Home(folder / "home")
    setup.init(home, "luoping")
    return home


def make_builder(home: Home, **settings: object) -> ChainBuilder:
    """A recorder of this bureau that the archive knows."""
    builder = ChainBuilder(StationBureau(home), utc=now_ms() - 3_600_000, **settings)  # type: ignore[arg-type]
    with Station.open(home, write=True) as station:
        enrol(station, builder)
    return builder


def enrol(station: Station, builder: ChainBuilder) -> None:
    station.archive.add_recorder(builder.chain, builder.identity.public, "unix", True, now_ms(), builder.certificate)
    station.trust.add(builder.certificate)


def record_story(builder: ChainBuilder) -> None:
    """Boot, a session of two parts with five segments and an unsealed tail, closed."""
    builder.boot()
    builder.assign()
    builder.open_session()
    builder.announce()
    for n in range(3):
        builder.segment(bytes([n]) * (40_000 + n))
    builder.tail(b"t" * 40_000)
    builder.reboot(12 * 60_000)
    builder.tail_found()
    builder.interrupt(codes.FACT_POWER_LOST, codes.CAUSE_NOT_STATED, {}, late=True)
    builder.resume()
    builder.announce(codes.OCCASION_RESUME)
    builder.segment(b"resumed" * 9000)
    builder.reason_note(codes.CAUSE_DEVICE_FAULT)
    builder.segment(b"end")
    builder.close()
