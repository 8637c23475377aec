# SPDX-License-Identifier: Apache-2.0
"""Makes the recorder's Thumb-2 modules from the readable assembly beside this file: `python boards/make_thumb2.py`.

MicroPython's inline assembler lacks the long multiplications, so the modules are one function each of encoded instructions. GNU's
assembler encodes them. The routines of curve25519 are written from the formulas in device/sealcam/curve25519/code.py, the same that the
portable kernel runs; thumb2/field.s has the arithmetic. The modules are committed, since boards are built where no assembler may be;
a test makes them again and compares.
"""

import builtins
import subprocess
import sys
import tempfile
import types
from pathlib import Path

BOARDS = Path(__file__).parent
DEVICE = BOARDS.parent / "device"
SOURCES = BOARDS / "thumb2"
PORT_BYTES = 32  # at the start of the memory, before register 0
REGISTER_BYTES = 40
ENTRY_BYTES = 96
PER_LINE = 15

MODULE = '''# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: F821
# mypy: disable-error-code="name-defined,return"
"""{title} in Thumb-2, made by boards/make_thumb2.py from boards/thumb2/: do not edit."""

import micropython
'''

FUNCTION = '''

@micropython.asm_thumb
def {name}({parameters}){returns}:
    """{usage}"""
{words}'''


def formulas() -> types.ModuleType:
    """device/sealcam/curve25519/code.py, whose neighbours have native functions that CPython only has to read over."""
    native = types.ModuleType("micropython")
    native.__dict__.update(viper=lambda function: function, const=lambda value: value)
    sys.modules["micropython"] = native
    for name in ("uint", "ptr8", "ptr16", "ptr32"):
        setattr(builtins, name, int)
    sys.path.insert(0, str(DEVICE))
    try:
        from sealcam.curve25519 import code
    finally:
        sys.path.remove(str(DEVICE))
    return code


def curve25519() -> str:
    """The assembly of the machine: its loop, a routine for each of code.ROUTINES, then two for numbers in and out, and the arithmetic."""
    routines = formulas().ROUTINES
    count = len(routines)
    lines = [f"        .equ    PORT_BYTES, {PORT_BYTES}", f"        .equ    ARGUMENTS, {16 * REGISTER_BYTES}"]
    lines += [source("machine.s"), "table:"]
    lines += [f"        .hword  (routine{i} - table) / 2" for i in range(count + 2)]
    for number in range(count):
        lines.append(f"routine{number}:")
        for operation in routines[number]:
            lines += instructions(*operation)
        lines.append("        b.w     next")
    lines += [f"        .set    routine{count}, import", f"        .set    routine{count + 1}, export"]
    return "\n".join([*lines, source("ports.s", "field.s"), "end:", "        endrun", ""])


def instructions(op: int, to: int, x: int, y: int) -> list[str]:
    """One operation of a routine: addresses into registers, then a call."""
    kernel = sys.modules["sealcam.curve25519.kernel"]
    if op == kernel.LOAD:
        return [address("r0", to), f"        entry   {entry_offset(y)}", "        bl      unpack"]
    lines = [address("r0", to), address("r12", x)]
    if op == kernel.SQR:
        return [*lines, "        bl      square"] if y == 1 else [*lines, f"        movs    r1, #{y}", "        bl      squares"]
    if op == kernel.CARRY:
        return [*lines, "        bl      tighten"]
    name = {kernel.MUL: "multiply", kernel.ADD: "plus", kernel.SUB: "minus"}[op]
    return [*lines, address("r2", y), f"        bl      {name}"]


def entry_offset(operand: int) -> int:
    above, number = divmod(operand, sys.modules["sealcam.curve25519.kernel"].ABOVE)
    return ENTRY_BYTES * 256 * above + ENTRY_BYTES // 3 * number


def address(register: str, operand: int) -> str:
    argument = sys.modules["sealcam.curve25519.kernel"].ARGUMENT
    base, number = ("r10", operand - argument) if operand >= argument else ("r9", operand)
    return f"        addw    {register}, {base}, #{REGISTER_BYTES * number}"


def encode(assembly: str) -> bytes:
    """The instructions of a source without anything that would have to be relocated."""
    with tempfile.TemporaryDirectory() as folder:
        source, encoded, plain = (Path(folder) / name for name in ("code.s", "code.o", "code.bin"))
        source.write_text(assembly, encoding="ascii")
        subprocess.run(["arm-none-eabi-as", "-o", encoded, source], check=True)
        relocations = subprocess.run(["arm-none-eabi-objdump", "-r", encoded], check=True, capture_output=True, text=True).stdout
        if "R_ARM" in relocations:
            raise SystemExit(f"error: the assembly refers to something outside itself:\n{relocations}")
        subprocess.run(["arm-none-eabi-objcopy", "-O", "binary", "-j", ".text", encoded, plain], check=True)
        return plain.read_bytes()


def function(name: str, usage: str, assembly: str, parameters: int = 4, returns: str = "") -> str:
    data = encode(assembly)
    words = [f"0x{int.from_bytes(data[i : i + 2], 'little'):04X}" for i in range(0, len(data), 2)]
    lines = [f"    data(2, {', '.join(words[i : i + PER_LINE])})\n" for i in range(0, len(words), PER_LINE)]
    named = ", ".join(f"r{number}" for number in range(parameters))
    return FUNCTION.format(name=name, parameters=named, usage=usage, returns=returns, words="".join(lines))


def source(*names: str) -> str:
    return "".join((SOURCES / name).read_text(encoding="ascii") for name in names)


def modules() -> dict[Path, str]:
    """Every module by its path."""
    script = "script, digits, signs, whether these count; returns the bytes of the script. See script.py."
    return {
        DEVICE / "sealcam/curve25519/thumb2_code.py": MODULE.format(title="The machine of curve25519's arithmetic")
        + function("run", "memory, script, steps, table of the base point; see thumb2_machine.py.", curve25519())
        + function("multiplication", script, source("multiplication.s"), returns=" -> int"),
        DEVICE / "sealcam/curve25519/thumb2_scalar.py": MODULE.format(title="Arithmetic modulo the order of the base point")
        + function("reduce", "result (32 bytes), number (64 bytes).", source("scalar.s", "reduce.s"), parameters=2)
        + function("multiply_add", "result, a, b, c (32 bytes each).", source("scalar.s", "multiply_add.s")),
        DEVICE / "sealcam/sha512_thumb2.py": MODULE.format(title="SHA-512")
        + function("hash_into", "digest (64 bytes), message, constants (176 words), bytes of the message.", source("sha512.s")),
    }


def main() -> int:
    for path, text in modules().items():
        path.write_text(text, encoding="ascii")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
