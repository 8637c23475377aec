# SPDX-License-Identifier: Apache-2.0
"""The board's own files under MicroPython, against hand-written chips: each `pico2_*.py` in a process of its own."""

import io
import os
import subprocess
from pathlib import Path

import av
import pytest
from tests.bench import sizes
from tests.unit.device.test_sealing import open_wrap, opened
from tests.unit.test_on_micropython import failures

from sealdock.keys import check_signature
from sealproto import records
from sealsim import interpreter

HERE = Path(__file__).parent
ROOT = HERE.parents[3]
BOARD = ROOT / "boards" / "pico2_audio"
PATH = [HERE / "fakes", BOARD, ROOT / "device", ROOT / "protocol"]


def run(*arguments: str) -> tuple[int, str]:
    environment = {**os.environ, "MICROPYPATH": ":".join([*map(str, PATH), ".frozen"])}
    command = [str(interpreter.find().path), "-X", "heapsize=96m", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=300, check=False)
    return done.returncode, (done.stdout + done.stderr).decode(errors="replace")


@pytest.mark.parametrize("path", sorted(HERE.glob("pico2_*.py")), ids=lambda path: path.name)
def test_file(path: Path) -> None:
    code, output = run(str(ROOT / "tests/unit/run_on_micropython.py"), str(path))
    failed = failures(code, output)
    assert not failed, f"{', '.join(failed)}\n{output}"


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[records.Record], Path, dict[str, int]]:
    """(records, card image, counts that the run printed) of the sealing core on this board."""
    home = tmp_path_factory.mktemp("board")
    code, output = run(str(HERE / "app_sealing.py"), str(home / "card.bin"), str(home / "records"))
    assert code == 0, output
    words = output.split()
    counts = {words[place]: int(words[place + 1]) for place in range(0, len(words), 2)}
    chain = [records.Record(bytes.fromhex(line)) for line in (home / "records").read_text().split()]
    return chain, home / "card.bin", counts


def test_the_chain_that_the_board_signed_verifies(sealed: tuple) -> None:
    chain = sealed[0]
    names = [record.name for record in chain]
    assert names[:2] == ["genesis", "session-open"] and names[-2:] == ["session-close", "rotate-key"] and names.count("segment") >= 3
    key, before = chain[0].fields["identity"], None
    for record in chain:
        check_signature(key, record.sign1.signed, record.sign1.signature)
        assert record.understood and record.prev == (before.hash if before else bytes(32))
        key, before = chain[0].fields["epoch_key"], record


def test_every_sample_is_on_the_card_although_everything_was_slow(sealed: tuple) -> None:
    chain, image, counts = sealed
    content = open_wrap(chain[1])
    heard = b""
    for record in (record for record in chain if record.name == "segment"):
        assert record.fields["first_sample"] == len(heard) // 2 and record.fields["lost_samples"] == 0
        with av.open(io.BytesIO(opened(image, record, content))) as container:
            frames = [frame.to_ndarray().tobytes() for frame in container.decode(audio=0)]
        heard += b"".join(frames)[: 2 * record.fields["samples"]]
        assert len(heard) // 2 == record.fields["first_sample"] + record.fields["samples"]
    assert heard == b"".join((number * 7 & 0x7FFF).to_bytes(2, "little") for number in range(len(heard) // 2))
    assert 11.5 * 16000 < len(heard) // 2 < 14 * 16000
    assert counts["lost"] == 0 and counts["retries"] >= 4 and counts["erases"] >= 5 and counts["spoken"] > 10 * 16000
    assert counts["ticks"] < 60_000  # the counter wrapped meanwhile


def test_every_frozen_file_compiles_for_the_processor_and_fits() -> None:
    files = [path.relative_to(ROOT).as_posix() for path in map(Path.resolve, sizes.frozen("pico2_audio"))]
    assert {"boards/pico2_audio/board.py", "boards/pico2_audio/_boot.py", "device/main.py", "protocol/sealproto/cbor.py"} <= set(files)
    assert sum(name.startswith("boards/pico2_audio/pico2_parts/") for name in files) == len(list(BOARD.glob("pico2_parts/*.py")))
    assert sizes.compiled_bytes("pico2_audio") < 400_000  # of the megabyte that the port leaves beside its own 350 KB and the clips


def test_nothing_in_the_firmware_formats_or_mounts_on_its_own() -> None:
    """`sealcam.chain.flash` alone may, and only blank flash of a recorder without keys."""
    for path in [*BOARD.rglob("*.py"), ROOT / "device" / "boot.py", ROOT / "device" / "main.py"]:
        assert "mkfs(" not in path.read_text(encoding="utf-8"), path
    assert 'freeze("$(PORT_DIR)/modules")' not in (BOARD / "manifest.py").read_text(encoding="utf-8")
