# SPDX-License-Identifier: Apache-2.0
"""The C reference: libsodium's Ed25519 and SHA-512, compiled for the Cortex-M3 and run on the same simulated board.

Its sources are the distribution's source package. Of the C libraries that a distribution carries it is the one with the least
instructions here (docs/decisions/0007-crypto-on-micropython.md).
"""

import shutil
import socket
import subprocess
import tarfile
import tempfile
from collections.abc import Callable
from pathlib import Path

from sealsim.interpreter import InterpreterError, cache_folder, locked
from sealsim.interpreter.sources import fetch_package
from tests.bench.results import Figures

HERE = Path(__file__).parent / "reference"
_FILES = (
    *(f"crypto_sign/ed25519/ref10/{name}.c" for name in ("sign", "keypair", "open")),
    "crypto_core/ed25519/ref10/ed25519_ref10.c",
    "crypto_hash/sha512/cp/hash_sha512_cp.c",
    "crypto_hash/sha512/hash_sha512.c",
    "crypto_verify/verify.c",
    "sodium/utils.c",
)
_FLAGS = "-mthumb -mcpu=cortex-m3 -O3 -DNDEBUG -ffunction-sections -fdata-sections -Wl,--gc-sections -nostartfiles -specs=nosys.specs"
_RUN_S = 60
_SHA512_BYTES = 16384  # reference/main.c


def measure(report: Callable[[str], None]) -> Figures:
    """Instructions of the reference. InterpreterError when it cannot be had."""
    with tempfile.TemporaryDirectory() as work:
        elf = Path(work) / "reference.elf"
        version = _build(elf, report)
        found = _run(elf)
    if "verify" not in found:
        raise InterpreterError("the C reference refuses its own signature")
    return {
        "reference.library": f"libsodium {version}",
        "reference.sign.minstr": found["sign"] / 1e6,
        "reference.verify.minstr": found["verify"] / 1e6,
        "reference.key.minstr": found["key"] / 1e6,
        "reference.sha512.instr_per_byte": found["sha512"] / _SHA512_BYTES,
    }


def _build(elf: Path, report: Callable[[str], None]) -> str:
    tree, version = _library(report)
    include = tree / "src/libsodium/include"
    sources = [tree / "src/libsodium" / name for name in _FILES]
    paths = [f"-I{include / name}" for name in ("sodium", "", "sodium/private")]
    command = ["arm-none-eabi-gcc", *_FLAGS.split(), *paths, "-T", HERE / "reference.ld", "-o", elf, HERE / "main.c", *sources]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise InterpreterError(f"the C reference does not compile: {done.stderr.strip().splitlines()[0]}")
    return version


def _library(report: Callable[[str], None]) -> tuple[Path, str]:
    """The unpacked library, fetched once into the cache."""
    cache = cache_folder()
    cache.mkdir(parents=True, exist_ok=True)
    with locked(cache / "lock"):
        for found in cache.glob("libsodium-*/tree"):
            return found, found.parent.name.removeprefix("libsodium-")
        with tempfile.TemporaryDirectory(dir="/tmp") as work:
            version, files = fetch_package("libsodium", Path(work), report)
            archive = next(path for path in files if ".orig.tar" in path.name and path.suffix != ".asc")
            stage = Path(tempfile.mkdtemp(prefix="stage-", dir=cache))
            with tarfile.open(archive) as tar:
                tar.extractall(stage, filter="data")
        next(stage.iterdir()).rename(stage / "tree")
        target = cache / f"libsodium-{version.split('-')[0]}"
        stage.rename(target)
        return target / "tree", target.name.removeprefix("libsodium-")


def _run(elf: Path) -> dict[str, int]:
    """What the program says: figures by name."""
    program = shutil.which("qemu-system-arm")
    if program is None:
        raise InterpreterError("the program qemu-system-arm is missing")
    ours, theirs = socket.socketpair()
    command = [program, "-machine", "mps2-an385", "-display", "none", "-monitor", "none", "-icount", "shift=0", "-kernel", elf]
    command += ["-chardev", f"socket,id=uart,fd={theirs.fileno()}", "-serial", "chardev:uart"]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL, pass_fds=[theirs.fileno()])
    theirs.close()
    said = b""
    try:
        ours.settimeout(_RUN_S)
        while b"\ndone " not in said:
            part = ours.recv(4096)
            if not part:
                raise InterpreterError("the C reference ended by itself")
            said += part
    except TimeoutError as error:
        raise InterpreterError("the C reference did not finish") from error
    finally:
        process.kill()
        process.wait()
        ours.close()
    return {line.split()[0]: int(line.split()[1]) for line in said.decode().splitlines()[:-1] if line}
