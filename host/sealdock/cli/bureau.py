# SPDX-License-Identifier: Apache-2.0
"""`sealdock station request`, `accept`, `certify`, `revoke`, `inspect` and `certificate`: a bureau of several stations under one root.

request and accept run at a station; certify, revoke, inspect and certificate run where the root's folder is, offline. docs/key-ceremony.md.
"""

from pathlib import Path

import click

from sealdock import durable
from sealdock.bureau import REASONS, Bureau, BureauError, check_number, read_request
from sealdock.clock import now_ms
from sealdock.errors import SealdockError
from sealdock.member import accept as take
from sealdock.member import renew_prompts
from sealdock.member import request as ask
from sealdock.text import say
from sealdock.trust import fingerprint, role_name

from .base import FINGERPRINT, Env, command

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_OUT = click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, metavar="FILE", help="The file to write.")
_ROOT = click.option(
    "--root-folder", type=click.Path(file_okay=False, path_type=Path), default=None, metavar="DIR",
    help="The root's folder; else root/ of the station's.",
)  # fmt: skip


@command("request")
@click.option("--name", default=None, metavar="TEXT", help="Name of the place or office, for the certificates.")
@_OUT
@click.pass_obj
def request(env: Env, name: str | None, out: Path) -> None:
    """Make this station's next keys and write what the root is to certify. Also for a station that is to be set up."""
    raw, number = ask(env.home, name)
    durable.write_file(out, raw)
    env.print(say("request-made", path=out, number=number), {"request": str(out), "check": number})


@command("certify")
@click.argument("asked", type=_FILE, metavar="REQUEST")
@click.option("--check", required=True, metavar="NUMBER", help="The check number, as the station's people read it out.")
@_ROOT
@_OUT
@click.pass_obj
def certify(env: Env, asked: Path, check: str, root_folder: Path | None, out: Path) -> None:
    """Certify a station's keys with the root, and write a circular for all stations."""
    raw = asked.read_bytes()
    station = read_request(raw)[0]
    if "".join(check.split()).lower() != check_number(raw).replace(" ", ""):
        raise BureauError(say("check-differs", number=check))
    env.say("request-asks", number=check_number(raw), name=station.name or "-")
    bureau = _bureau(env, root_folder)
    done = bureau.certify(raw, now_ms())
    for certificate in done:
        env.say("certified", role=role_name(certificate.role), kid=certificate.kid.hex())
    _send(env, bureau, out, {"certified": [certificate.kid.hex() for certificate in done]})


@command("revoke")
@click.option("--key", "kids", multiple=True, required=True, metavar="KID", help="First 16 digits of a key's fingerprint; may be repeated.")
@click.option("--good", multiple=True, metavar="CHAIN:NUMBER", help="What it said of this chain up to here stays good; may be repeated.")
@click.option("--reason", type=click.Choice(list(REASONS)), required=True, help="Why.")
@_ROOT
@_OUT
@click.pass_obj
def revoke(env: Env, kids: tuple[str, ...], good: tuple[str, ...], reason: str, root_folder: Path | None, out: Path) -> None:
    """Take keys back with the root, and write a circular for all stations."""
    bureau = _bureau(env, root_folder)
    entries: list[list] = []
    for text in kids:
        key_id = _digits(text, 8)
        entries.append([key_id, None, None, REASONS[reason]])
        entries += [[key_id, *_good(item), REASONS[reason]] for item in good]
    bureau.revoke(entries, now_ms())
    number, count = bureau.store.revocations_number, len(bureau.store.revocations)
    env.say("revoked", number=number, count=count)
    _send(env, bureau, out, {"revocations": number, "entries": count})


def _bureau(env: Env, folder: Path | None) -> Bureau:
    return Bureau(folder if folder is not None else env.home.root)


def _send(env: Env, bureau: Bureau, out: Path, value: dict) -> None:
    durable.write_file(out, bureau.circular())
    env.print(say("circular-made", path=out), {**value, "circular": str(out)})


def _digits(text: str, size: int) -> bytes:
    try:
        value = bytes.fromhex(text.strip())
    except ValueError:
        value = b""
    if len(value) != size:
        raise click.BadParameter(f"{text}: {2 * size} hex digits")
    return value


def _good(text: str) -> tuple[bytes, int]:
    chain, _, number = text.partition(":")
    if not number.isdecimal():
        raise click.BadParameter(say("good-wrong", text=text))
    return _digits(chain, 32), int(number)


@command("accept")
@click.argument("circular", type=_FILE)
@click.option(
    "--root", type=FINGERPRINT, default=None, metavar="FINGERPRINT", help="The root's published fingerprint; a new station needs it."
)
@click.pass_obj
def accept(env: Env, circular: Path, root: bytes | None) -> None:
    """Take what the root sends round: certificates, revocations, rules; and put this station's certified keys in use."""
    done = take(env.home, circular.read_bytes(), root)
    if done.keys and not done.fresh:
        with env.station(write=True) as station:
            renew_prompts(station)
    if done.fresh:
        env.say("accepted-new", path=env.home.path)
    elif done.keys:
        env.say("accepted-keys")
    elif (env.home.next / "station.key").exists():
        env.say("accepted-waiting")
    line = say("accepted", certificates=done.certificates, revocations=done.revocations or "-")
    env.print(line, {name: getattr(done, name) for name in ("fresh", "keys", "certificates", "revocations", "profile")})


@command("inspect")
@_ROOT
@click.pass_obj
def inspect(env: Env, root_folder: Path | None) -> None:
    """Open the root's folder, check every key and certificate in it, and print the fingerprint. Signs nothing and writes nothing."""
    bureau = _bureau(env, root_folder)
    bureau.check_keys()
    about = {"certificates": len(bureau.certificates), "revocations": bureau.store.revocations_number}
    env.print(say("root-good", fingerprint=bureau.store.fingerprint, **about), {"root": bureau.store.fingerprint.replace(" ", ""), **about})


@command("certificate")
@_OUT
@click.pass_obj
def certificate(env: Env, out: Path) -> None:
    """Write the root's fingerprint as one page (.html) to be printed, stamped and published."""
    from sealdock.report.certificate import page

    if out.suffix not in (".html", ".htm"):
        raise SealdockError(say("page-html", path=out))
    with env.station() as station:
        durable.write_file(out, page(station).encode(), 0o644)
        digits = fingerprint(station.trust.root).replace(" ", "")
    env.print(say("certificate-made", path=out), {"certificate": str(out), "root": digits})


COMMANDS = (request, certify, accept, revoke, inspect, certificate)
