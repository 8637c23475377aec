# SPDX-License-Identifier: Apache-2.0
"""Receipts: what a station holds durably, and that nothing was cut off before it said so.

Rules:

1. A receipt is signed by a certified station and names this chain.
2. The record at its head has the hash that it names; another record there means two histories.
3. Its entry leads to the log root that it names (RFC 9162 section 2.1.3), and that log to the checkpoint given with it.
4. Its segments root is that of the covered segment records, of which those of this package are in their places.
5. One station keeps one log: two that it signed with the same key are a log begun anew, which the root alone may allow.
6. A receipt that the recorder signed into its chain was given when it says; of any other only the station says so.
7. A receipt whose head lies at or behind the session's last record covers the session; each segment of it is covered by some receipt.
8. What a receipt gives up is nothing it holds: such a segment is a gap, unless another receipt covers it.
"""

from sealproto import cose, merkle, objects
from sealproto import records as rec

from ..verdict import Findings
from .chain import Chain
from .shapes import MAX_UTC
from .trust import Trust


class Receipts:
    """The receipts that hold: `held` are their fields, by rising head.

    Beside its own fields each has `reaches`, whether its head is in the package, `proven`, whether rule 4 holds, and `taken`, the record
    in which the recorder signed that it got the receipt, or None.
    """

    def __init__(self, findings: Findings, trust: Trust, chain: Chain) -> None:
        self.findings = findings
        self.trust = trust
        self.chain = chain
        self.held: list[dict] = []
        self._seen: dict[bytes, dict | None] = {}
        self._logs: dict[bytes, bytes] = {}  # signer -> id of its log

    def add(self, raw: bytes, name: str, record: int | None = None) -> dict | None:
        """Judges a receipt, once for the same bytes. Its fields, or None when it does not count."""
        if raw not in self._seen:
            self._seen[raw] = self._judge(raw, name, record)
        return self._seen[raw]

    def add_taken(self, record: rec.Record, name: str) -> None:
        """Judges the receipt that a record of the run carries."""
        receipt = self.add((record.fields or {})["receipt"], name, record.seq)
        if receipt is not None:
            receipt["taken"] = record

    def _one_log(self, raw: bytes, log: bytes) -> None:
        """Rule 5."""
        signer = cose.parse(raw).kid
        if self._logs.setdefault(signer, log) != log:
            self.findings.add("log-fork", why=("the station began another log under the same key", "采集站以同一密钥另起日志"))

    def _judge(self, raw: bytes, name: str, record: int | None) -> dict | None:
        receipt = self.trust.read(cose.RECEIPT, raw, name)
        if receipt is None:
            return None
        if self.chain.genesis is None or receipt["chain"] != self.chain.genesis.chain:
            self.findings.add("proof-wrong", record=record, file=name, why="a receipt for another recorder")
            return None
        if receipt["utc"] > MAX_UTC or not self._logged(receipt):
            self.findings.add("proof-wrong", record=record, file=name, why="a receipt does not lead to its log")
            return None
        pinned = self.chain.hash_of(receipt["head_seq"])
        if pinned is not None and pinned != receipt["head_hash"]:
            self.findings.add("receipt-head", record=receipt["head_seq"])
            return None
        receipt["reaches"] = pinned is not None
        receipt["proven"] = False
        receipt["taken"] = None
        self._one_log(raw, receipt["log"])
        self.held.append(receipt)
        self.held.sort(key=lambda item: item["head_seq"])
        return receipt

    @staticmethod
    def _logged(receipt: dict) -> bool:
        leaf = merkle.leaf_hash(objects.log_entry(receipt))
        try:
            found = merkle.root_from_inclusion(leaf, receipt["log_index"], receipt["log_size"], receipt["log_proof"])
        except (merkle.ProofError, TypeError):
            return False
        return found == receipt["log_root"]

    def check_coverage(self, receipt: dict, hashes: list[bytes], segments: list[rec.Record]) -> None:
        """Rule 4, for the hashes of the covered segment records that came with a receipt."""
        covered = [merkle.leaf_hash(record.raw) for record in segments if covers(receipt, record.seq)]
        mine = set(covered)
        if merkle.root(hashes) != receipt["root"]:
            self.findings.add("proof-wrong", file="proofs.cbor", why="covered records do not lead to the receipt")
        elif [item for item in hashes if item in mine] != covered:
            self.findings.add("proof-wrong", file="proofs.cbor", why="a receipt does not cover a record that it should")
        else:
            receipt["proven"] = True

    def check_log(self, checkpoint: bytes, proofs: list[list[bytes]], receipts: list[dict | None]) -> None:
        """Rule 3, up to the checkpoint; proofs stand in the order of the receipts."""
        last = self.trust.read(cose.CHECKPOINT, checkpoint, "checkpoint")
        if last is None:
            return
        self._one_log(checkpoint, last["log"])
        if len(proofs) != len(receipts):
            self.findings.add("proof-wrong", file="proofs.cbor", why="not one consistency proof for each receipt")
            return
        for receipt, proof in zip(receipts, proofs, strict=True):
            if receipt is not None:
                self._consistent(receipt, last, proof)

    def _consistent(self, receipt: dict, checkpoint: dict, proof: list[bytes]) -> None:
        if receipt["log"] != checkpoint["log"]:
            return  # another station of the bureau, with a log of its own
        try:
            merkle.check_consistency(receipt["log_size"], receipt["log_root"], checkpoint["size"], checkpoint["root"], proof)
        except merkle.ProofError as error:
            self.findings.add("log-fork", why=error)

    def covering(self, last_seq: int) -> dict | None:
        """The first receipt over all records up to last_seq whose head is in the package; one that the recorder took goes first."""
        fit = [receipt for receipt in self.held if receipt["head_seq"] >= last_seq and receipt["reaches"]]
        return next((receipt for receipt in fit if receipt["taken"]), fit[0] if fit else None)

    def check_session(self, last_seq: int, segments: list[rec.Record]) -> None:
        """Rule 7."""
        covering = self.covering(last_seq)
        if covering is None:
            self.findings.add("receipt-missing", record=last_seq)
        elif covering["taken"] is None:
            self.findings.add("receipt-unwitnessed", record=last_seq)
        for record in segments:
            if not any(receipt["proven"] and covers(receipt, record.seq) for receipt in self.held):
                self._uncovered(record)

    def _uncovered(self, record: rec.Record) -> None:
        number = record.fields["number"] if record.fields else 0
        reasons = [reason for receipt in self.held for reason in gives_up(receipt, record.seq)]
        if reasons:
            why = _GIVEN_UP.get(reasons[-1], (f"reason {reasons[-1]}", f"理由 {reasons[-1]}"))
            self.findings.add("segment-given-up", record=record.seq, segment=number, number=number, why=why)
        else:
            self.findings.add("segment-uncovered", record=record.seq, segment=number, number=number)


_GIVEN_UP = {
    objects.GIVEN_UP_UNPROVEN: ("none of its leaves is its own", "其中没有一块能证明属于本段"),
    objects.GIVEN_UP_WRITTEN_OFF: (
        "written off by the custodian, for a reason that the station's log commits to",
        "保管人放弃，理由已载入采集站日志",
    ),
}


def gives_up(receipt: dict, seq: int) -> list[int]:
    """The reasons for which a receipt gives a segment up."""
    entries = [item for item in receipt["given_up"] or [] if isinstance(item, list) and len(item) == 3]
    return [item[2] for item in entries if all(isinstance(n, int) for n in item) and item[0] <= seq <= item[1]]


def covers(receipt: dict, seq: int) -> bool:
    """Whether a receipt's ranges name this sequence number."""
    for entry in receipt["segments"]:
        if isinstance(entry, list) and len(entry) == 2 and all(isinstance(n, int) for n in entry) and entry[0] <= seq <= entry[1]:
            return True
    return False
