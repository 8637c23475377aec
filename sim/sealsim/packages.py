# SPDX-License-Identifier: Apache-2.0
"""The system packages that the project needs, which of them are missing, and their installation.

Presence is judged by the program or header itself, so a compiler from elsewhere counts; names are Debian's.
"""

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

Report = Callable[[str], None]


class PackagesError(Exception):
    """System packages are missing and cannot be installed; the text is one line for a person."""


def _command(name: str) -> Callable[[], bool]:
    return lambda: shutil.which(name) is not None


def _header(name: str) -> Callable[[], bool]:
    def present() -> bool:
        roots = [Path("/usr/include"), Path("/usr/local/include"), *Path("/usr/include").glob("*-linux-*")]
        return any((root / name).exists() for root in roots)

    return present


def _newlib() -> bool:
    """Whether the cross compiler, from wherever it is, finds a C library for bare metal."""
    compiler = shutil.which("arm-none-eabi-gcc")
    if compiler is None:
        return False
    command = [compiler, "-mthumb", "-mcpu=cortex-m3", "-E", "-x", "c", "-"]
    return subprocess.run(command, input=b"#include <alloca.h>", capture_output=True, check=False).returncode == 0


# What each purpose needs: (package, test of presence).
NEEDS: dict[str, tuple[tuple[str, Callable[[], bool]], ...]] = {
    "venv": (
        (
            f"python{sys.version_info.major}.{sys.version_info.minor}-venv",
            lambda: importlib.util.find_spec("ensurepip") is not None,
        ),
    ),
    "build": (
        ("gcc", _command("gcc")),
        ("libc6-dev", _header("stdio.h")),
        ("make", _command("make")),
        ("patch", _command("patch")),
        ("pkgconf", _command("pkg-config")),
        ("libffi-dev", _header("ffi.h")),
        ("libmbedtls-dev", _header("mbedtls/ssl.h")),
    ),
    "test": (("ffmpeg", _command("ffprobe")), ("chromium", _command("chromium"))),
    "bench": (("lrzsz", _command("rz")),),
    "qemu": (
        ("make", _command("make")),
        ("patch", _command("patch")),
        ("gcc-arm-none-eabi", _command("arm-none-eabi-gcc")),
        ("libnewlib-arm-none-eabi", _newlib),
        ("qemu-system-arm", _command("qemu-system-arm")),
    ),
}


def missing(*purposes: str) -> list[str]:
    """Names of the packages that the given purposes lack."""
    return [package for purpose in purposes for package, present in NEEDS[purpose] if not present()]


def require(packages: list[str], report: Report) -> None:
    """Installs the packages as root; for anybody else PackagesError names them."""
    if not packages:
        return
    names = " ".join(packages)
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise PackagesError(f"system packages are missing; please run: sudo apt-get install {names}")
    report(f"Installing system packages: {names}")
    # A broken third-party entry fails the update; what the distribution has may still be installed.
    _apt("update")
    done = _apt("install", "--no-install-recommends", *packages)
    if done.returncode != 0:
        raise PackagesError(f"apt-get could not install {names}: {reason(done.stderr)}")


def candidate(package: str) -> str:
    """The version that the distribution would install, or an empty string."""
    if shutil.which("apt-cache") is None:
        return ""
    done = subprocess.run(["apt-cache", "policy", package], capture_output=True, text=True, env=_C, check=False)
    lines = [line.split(":", 1)[1].strip() for line in done.stdout.splitlines() if "Candidate:" in line]
    return lines[0] if lines and lines[0] != "(none)" else ""


def reason(stderr: str) -> str:
    """apt's first error, without its prefix; for the end of a one-line message."""
    errors = [line[2:].strip() for line in stderr.splitlines() if line.startswith("E:")]
    return errors[0] if errors else "no reason given"


_C = {**os.environ, "LC_ALL": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive"}


def _apt(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = ["apt-get", "-q", "-y", "-o", "DPkg::Lock::Timeout=120", *arguments]
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, env=_C, check=False)
