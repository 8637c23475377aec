# SPDX-License-Identifier: Apache-2.0
"""What people near the recorder said: kept as files, for the microphone now and for heard.wav later."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

RATE = 16000


@dataclass(frozen=True)
class Utterance:
    """16 kHz mono signed 16-bit samples in `path`, spoken from `start_ms` of the world; gain in 1/256."""

    path: str
    start_ms: int
    what: str
    gain: int


class Voices:
    """The folder `voices` of a recorder."""

    def __init__(self, home: Path) -> None:
        self._folder = home / "voices"

    def keep(self, pcm: bytes, start_ms: int, what: str, gain: int) -> Path:
        self._folder.mkdir(exist_ok=True)
        path = self._folder / f"{len(self.all()):04}.pcm"
        path.write_bytes(pcm[: len(pcm) // 2 * 2])
        said = Utterance(str(path), start_ms, what, gain)
        path.with_suffix(".json").write_text(json.dumps(asdict(said), ensure_ascii=False), encoding="utf-8")
        return path

    def all(self) -> list[Utterance]:
        files = sorted(self._folder.glob("*.json"))
        return [Utterance(**json.loads(path.read_text(encoding="utf-8"))) for path in files]
