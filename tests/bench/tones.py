# SPDX-License-Identifier: Apache-2.0
"""How deep in noise a burst of the hand-over is still heard by the recorder's own code, on MicroPython's unix port.

The signal-to-noise ratio compares mean powers over the whole band of 8 kHz. The hearer's clock is 100 ppm off. Speech is a synthetic
Mandarin voice, whose syllables are much louder than its mean. `python -m tests.bench.tones` prints all; `measure()` is for `make bench`.
"""

import os
import subprocess
import tempfile
from pathlib import Path

import numpy as np
import numpy.typing as npt

from sealdock.prompts import espeak
from sealsim import interpreter
from tests.bench.results import Figures

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "tests" / "bench" / "on_board" / "hear.py"
RATE = 16_000
PPM = 100
TALK = "执法人员现场检查，请您配合我们的工作，出示营业执照和身份证。我们依法对现场的商品进行抽样检查，您有权陈述和申辩。"
Floats = npt.NDArray[np.float64]


class Ears:
    """Bursts in noise, and how many of them are heard."""

    def __init__(self, seed: int = 1) -> None:
        self._random = np.random.default_rng(seed)
        self._micropython = interpreter.find().path
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "burst.pcm"
            self._run("burst", str(path))
            burst = np.fromfile(path, "<i2").astype(np.float64)
        self._power = float(np.mean(burst**2))
        self._burst = _drifted(np.concatenate([np.zeros(2000), burst, np.zeros(2000)]), PPM)
        self._speech = np.frombuffer(espeak.synthesize(TALK), "<i2").astype(np.float64)

    def heard(self, snr_db: float, kind: str = "white", count: int = 20, gain: float = 0.1) -> int:
        """How many of `count` bursts are heard at that ratio. `gain`: of the burst at the microphone; kind: white, speech."""
        parts = [np.zeros(0)]
        for _ in range(count):
            sound = np.concatenate([np.zeros(int(self._random.integers(2000, 8000))), self._burst]) * gain
            parts.append(sound + self.noise(kind, len(sound), self._power * gain**2 * 10 ** (-snr_db / 10)))
        return self.listen(np.concatenate(parts))[0]

    def noise(self, kind: str, samples: int, power: float) -> Floats:
        if kind == "white":
            return self._random.normal(0, np.sqrt(power), samples)
        at = int(self._random.integers(0, len(self._speech)))
        talk = np.resize(np.roll(self._speech, at), samples)
        return talk * np.sqrt(power / np.mean(talk**2))

    def listen(self, sound: Floats) -> tuple[int, int]:
        """(bursts heard, times that the listener believed in a beginning)."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "sound.pcm"
            np.clip(np.round(sound), -32768, 32767).astype("<i2").tofile(path)
            heard, locks = self._run(str(path)).split()
        return int(heard), int(locks)

    def _run(self, *arguments: str) -> str:
        environment = {**os.environ, "MICROPYPATH": "device:protocol:.frozen"}
        command = [str(self._micropython), str(SCRIPT), *arguments]
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True, timeout=300).stdout


def _drifted(sound: Floats, ppm: float) -> Floats:
    """The same heard with a clock that is slower by so much."""
    fine = np.fft.irfft(np.fft.rfft(sound), 8 * len(sound)) * 8
    step = 8 * (1 + ppm * 1e-6)
    return np.interp(np.arange(int(len(fine) / step)) * step, np.arange(len(fine)), fine)


def worst(ears: Ears, kind: str, count: int = 20) -> int:
    """The lowest ratio, in steps of 1 dB from 3 down, at which all of `count` bursts are heard."""
    snr = 3
    while snr >= -20 and ears.heard(snr - 1, kind, count) == count:
        snr -= 1
    return snr


def measure() -> Figures:
    ears = Ears()
    return {f"relay.{kind}.snr_db": worst(ears, kind) for kind in ("white", "speech")}


def main() -> None:
    ears = Ears()
    for kind in ("white", "speech"):
        print(
            kind, "all of 20 heard down to", worst(ears, kind), "dB;", [(snr, ears.heard(snr, kind)) for snr in (-6, -8, -9, -10, -11, -12)]
        )
    print("at 0 dB, by gain:", [(gain, ears.heard(0, gain=gain)) for gain in (1.0, 0.1, 0.01, 0.003, 0.001)])
    print("an hour of speech: bursts, beginnings", ears.listen(ears.noise("speech", 3600 * RATE, 4e6)))


if __name__ == "__main__":
    main()
