# SPDX-License-Identifier: Apache-2.0
"""Tables of the archive's database, as numbered migrations. `PRAGMA user_version` is the number of the last one applied.

The database is an index over what lies in files, plus what only the station knows. Hashes, ids and signed objects are BLOBs; times are
UTC in milliseconds since 1970.
"""

import sqlite3
from pathlib import Path

from sealdock.errors import SealdockError
from sealdock.text import say

_FIRST = """
CREATE TABLE recorder (
    chain BLOB PRIMARY KEY,
    identity BLOB NOT NULL UNIQUE,        -- Ed25519 public key
    number INTEGER NOT NULL UNIQUE,       -- what people call it here
    board TEXT NOT NULL,
    simulated INTEGER NOT NULL,
    enrolled INTEGER NOT NULL,
    certificate BLOB NOT NULL,
    alarm TEXT                            -- why it is refused, or NULL
) STRICT;
CREATE TABLE record (
    chain BLOB NOT NULL REFERENCES recorder(chain),
    seq INTEGER NOT NULL,
    offset INTEGER NOT NULL,              -- of the record in records/CHAIN.cbor
    length INTEGER NOT NULL,
    hash BLOB NOT NULL,
    type INTEGER NOT NULL,
    boot INTEGER NOT NULL,
    utc INTEGER,
    session BLOB,
    PRIMARY KEY (chain, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX record_session ON record(session) WHERE session IS NOT NULL;
CREATE TABLE position (
    chain BLOB PRIMARY KEY REFERENCES recorder(chain),
    seq INTEGER NOT NULL, head BLOB NOT NULL, key BLOB NOT NULL, epoch INTEGER NOT NULL, boot INTEGER NOT NULL, ms INTEGER NOT NULL,
    bytes INTEGER NOT NULL                -- of records/CHAIN.cbor; what lies behind was never taken
) STRICT;
CREATE TABLE session (
    session BLOB PRIMARY KEY,
    chain BLOB NOT NULL REFERENCES recorder(chain),
    first_seq INTEGER NOT NULL,
    last_seq INTEGER,                     -- of session-close, NULL while open
    opened INTEGER,
    closed INTEGER,
    activity INTEGER,
    officer INTEGER,                      -- number of the assignment in force
    parts INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE TABLE segment (
    chain BLOB NOT NULL REFERENCES recorder(chain),
    seq INTEGER NOT NULL,                 -- of the segment or tail-found record
    session BLOB NOT NULL,
    part INTEGER NOT NULL,
    number INTEGER NOT NULL,
    sealed INTEGER NOT NULL,              -- 0: an unsealed tail
    stored_bytes INTEGER,                 -- NULL for a tail that is not here yet
    plain_bytes INTEGER,
    root BLOB NOT NULL,
    held INTEGER,                         -- when all its bytes were here, checked and durable
    lost TEXT,                            -- why it will never be
    receipt INTEGER,                      -- counter of the receipt that covers it
    PRIMARY KEY (chain, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX segment_open ON segment(chain, seq) WHERE receipt IS NULL OR held IS NULL;
CREATE INDEX segment_session ON segment(session, number);
CREATE TABLE receipt (
    chain BLOB NOT NULL REFERENCES recorder(chain),
    counter INTEGER NOT NULL,
    head_seq INTEGER NOT NULL,
    entry BLOB NOT NULL,                  -- of the log; written before the log, so a crash between them is finished
    log_index INTEGER,
    raw BLOB,
    handed_over INTEGER,
    PRIMARY KEY (chain, counter)
) STRICT, WITHOUT ROWID;
CREATE TABLE carried_receipt (            -- receipts that stand in the chain, from any station
    chain BLOB NOT NULL REFERENCES recorder(chain), counter INTEGER NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (chain, counter, seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE officer (number INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;
CREATE TABLE assignment (
    id BLOB PRIMARY KEY,                  -- SHA-256 of the object
    chain BLOB NOT NULL REFERENCES recorder(chain),
    number INTEGER NOT NULL,
    since INTEGER NOT NULL,
    until INTEGER,
    raw BLOB NOT NULL
) STRICT;
CREATE TABLE approval (
    id INTEGER PRIMARY KEY,
    session BLOB NOT NULL REFERENCES session(session),
    act TEXT NOT NULL,
    party INTEGER,                        -- for whom: a role, NULL inside the bureau
    role INTEGER,                         -- who approved
    reason TEXT NOT NULL,
    utc INTEGER NOT NULL,
    salt BLOB NOT NULL,
    log_index INTEGER NOT NULL
) STRICT;
CREATE TABLE alarm (
    id INTEGER PRIMARY KEY,
    chain BLOB,
    code TEXT NOT NULL,
    text TEXT NOT NULL,
    utc INTEGER NOT NULL,
    evidence TEXT                         -- file under the archive that holds what was found
) STRICT;
CREATE TABLE clock (
    chain BLOB NOT NULL, utc INTEGER NOT NULL, recorder INTEGER, offset INTEGER, uncertainty INTEGER NOT NULL,
    was_set INTEGER NOT NULL, PRIMARY KEY (chain, utc)
) STRICT, WITHOUT ROWID;
CREATE TABLE label (
    session BLOB NOT NULL REFERENCES session(session), field INTEGER NOT NULL, value TEXT NOT NULL, signed INTEGER NOT NULL,
    PRIMARY KEY (session, field)
) STRICT, WITHOUT ROWID;
"""

_GIVEN_UP = """
ALTER TABLE segment ADD COLUMN wrong INTEGER NOT NULL DEFAULT 0;   -- syncs that could not have its media, each after asking twice
ALTER TABLE segment ADD COLUMN given_up INTEGER;                   -- objects.GIVEN_UP_*: what a receipt is to say of it, beside `lost`
CREATE TABLE write_off (
    chain BLOB NOT NULL, seq INTEGER NOT NULL, reason TEXT NOT NULL, utc INTEGER NOT NULL, salt BLOB NOT NULL, log_index INTEGER NOT NULL,
    PRIMARY KEY (chain, seq, log_index)
) STRICT, WITHOUT ROWID;
"""

_RELEASES = """
CREATE TABLE release (                    -- of recorders that a fault had taken out of use
    chain BLOB NOT NULL, seq INTEGER NOT NULL, name TEXT NOT NULL, utc INTEGER NOT NULL, salt BLOB NOT NULL, log_index INTEGER NOT NULL,
    PRIMARY KEY (chain, seq, log_index)
) STRICT, WITHOUT ROWID;
"""

# How long one writer waits for the others: a rack's threads share the database, and each commit waits for the disk.
_BUSY_S = 120.0

MIGRATIONS = (_FIRST, _GIVEN_UP, _RELEASES)


def connect(path: Path, create: bool = False) -> sqlite3.Connection:
    """The database, brought up to the newest migration. SealdockError when it is missing, damaged, or of a later version.

    A rollback journal, not a write-ahead log: a commit is then one durable state of one file, and a copy of a quiet archive is whole.
    synchronous=EXTRA is FULL and also syncs the folder after the journal is deleted, so a commit cannot come undone.
    """
    if not create and not path.exists():
        raise SealdockError(say("index-gone", path=path))
    db = sqlite3.connect(path, timeout=_BUSY_S, isolation_level=None)
    try:
        db.execute("PRAGMA journal_mode=DELETE")
        db.execute("PRAGMA synchronous=EXTRA")
        db.execute("PRAGMA foreign_keys=ON")
        db.row_factory = sqlite3.Row
        _migrate(db)
    except sqlite3.DatabaseError as error:
        db.close()
        if error.sqlite_errorname == "SQLITE_FULL":
            raise
        raise SealdockError(say("index-unusable", path=path, why=error)) from None
    path.chmod(0o600)
    return db


def _migrate(db: sqlite3.Connection) -> None:
    version = db.execute("PRAGMA user_version").fetchone()[0]
    if version > len(MIGRATIONS):
        raise SealdockError(say("archive-later"))
    for number, script in enumerate(MIGRATIONS[version:], version + 1):
        db.executescript(f"BEGIN IMMEDIATE;{script};PRAGMA user_version={number};COMMIT;")
