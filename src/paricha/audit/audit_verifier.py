"""Check an exported log from its file alone: python audit_verifier.py FILE [--key PUBLIC] [--head HEX].

Needs Python 3.11 and `cryptography`. `--key` is the stamp key and `--head` a head of the log, written down elsewhere
(paper, phone, headquarters): only they show a log made anew or cut short. Exit code 1: the first bad thing is named.
Each line is canonical JSON (keys sorted, no blanks): {"hash","position","row"} or {"stamp"}.
"""

import argparse
import base64
import hashlib
import json
import sys

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding

WHY = {
    "unreadable": "the line after row {0} is no line of an export",
    "removed": "row {0} was removed: what follows counts on without it",
    "moved": "row {0} was moved or doubled: it stands where another should",
    "changed": "row {0} was changed: its content does not fit its hash",
    "older": "row {0} was moved: the row before it in the same stamp is younger",
    "count": "stamp {0} does not count the rows before it: rows were removed or added",
    "other_key": "stamp {0} is signed by another key than the one before or written down elsewhere",
    "chain": "stamp {0} was forged or moved: it does not follow the stamp before",
    "root": "stamp {0} does not fit its rows: one of them was changed, exchanged or moved",
    "forged": "stamp {0} was forged: its head does not fit what it says, or the stamp key did not sign it",
    "no_key": "row {0} is signed by a key that its officer never enrolled, or that was revoked before",
    "repeated": "row {0} repeats a statement, names another key, or follows a head that this log never had",
    "act": "row {0}: the officer's signature does not fit the act",
    "cut": "the log is empty, or was cut short: the rows at its end have no stamp",
    "anew": "the head written down elsewhere is not in this log: it was made anew or cut short",
}


def canonical(thing):
    return json.dumps(thing, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def merkle_root(leaves):
    """RFC 6962, section 2.1, over the row hashes."""
    level = [hashlib.sha256(b"\0" + leaf).digest() for leaf in leaves]
    while len(level) > 1:
        pairs = [hashlib.sha256(b"\1" + level[i] + level[i + 1]).digest() for i in range(0, len(level) - 1, 2)]
        level = pairs + (level[-1:] if len(level) % 2 else [])
    return level[0] if level else hashlib.sha256(b"").digest()


def fits(key, signature, message):
    rules = {ec.EllipticCurvePublicKey: [ec.ECDSA(hashes.SHA256())], ed25519.Ed25519PublicKey: []}
    rule = next((more for kind, more in rules.items() if isinstance(key, kind)), [padding.PKCS1v15(), hashes.SHA256()])
    try:
        key.verify(signature, message, *rule)
    except InvalidSignature:
        return False
    return True


def check_signature(public, statement, signature):
    """Whether the key (DER) signed the statement: Ed25519 over its text, or a passkey over its SHA-256."""
    message = statement.encode()
    challenge = base64.urlsafe_b64encode(hashlib.sha256(message).digest()).decode().rstrip("=")
    try:
        if len(signature) > 64:  # an assertion of WebAuthn level 2, section 7.2; Ed25519 has 64 bytes of any value
            said = {name: bytes.fromhex(value) for name, value in json.loads(signature).items()}
            client, signature = json.loads(said["client"]), said["signature"]
            message = said["authenticator"] + hashlib.sha256(said["client"]).digest()
            verified = said["authenticator"][32] & 4  # the officer's finger, face or PIN
            if not verified or client["type"] != "webauthn.get" or client["challenge"] != challenge:
                return False
        return fits(serialization.load_der_public_key(public), signature, message)
    except (ValueError, KeyError, TypeError, IndexError, AttributeError):
        return False


class Log:
    """Reads lines in order; `bad` is the first thing that does not fit."""

    def __init__(self, key=None):
        self.rows, self.stamps, self.head, self.key, self.bad = 0, 0, "0" * 64, key, None
        self.waiting, self.heads, self.nonces, self.enrolled, self.revoked = [], {"0" * 64}, set(), {}, set()

    def name_first(self, row, number, **wrong):
        why = next((name for name, is_so in wrong.items() if is_so), None)
        if why and not self.bad:
            self.bad = {"row": row, "why": WHY[why].format(number)}

    def take(self, line):
        try:
            thing = json.loads(line)
            self.name_first(self.rows + 1, self.rows, unreadable=canonical(thing) != line)
            self.stamp(thing["stamp"]) if "stamp" in thing else self.row(thing["position"], thing["row"], thing["hash"])
        except (ValueError, KeyError, TypeError, AttributeError):
            self.name_first(self.rows + 1, self.rows, unreadable=True)

    def row(self, at, row, stated):
        self.rows += 1
        self.name_first(self.rows, self.rows, removed=at > self.rows)
        older = self.waiting and (row["at_ns"], row["id"]) <= (self.waiting[-1]["at_ns"], self.waiting[-1]["id"])
        changed = hashlib.sha256(canonical(row)).hexdigest() != stated
        self.name_first(at, at, moved=at < self.rows, changed=changed, older=older)
        self.waiting.append(row)

    def stamp(self, stamp):
        self.stamps, self.key, rows, self.waiting = self.stamps + 1, self.key or stamp["key"], self.waiting, []
        counts = (stamp["number"], stamp["last"], stamp["last"] - stamp["first"] + 1)
        root = merkle_root([hashlib.sha256(canonical(row)).digest() for row in rows]).hex()
        named = [str(stamp[name]) for name in ("previous", "number", "first", "last", "at_ns", "root")]
        head = hashlib.sha256("|".join(["paricha-stamp/1", *named]).encode()).hexdigest()
        wrong = {"count": counts != (self.stamps, self.rows, len(rows)), "other_key": stamp["key"] != self.key}
        key = ed25519.Ed25519PublicKey.from_public_bytes(bytes.fromhex(self.key))
        signed = fits(key, bytes.fromhex(stamp["signature"]), bytes.fromhex(head))
        wrong |= {"chain": stamp["previous"] != self.head, "root": stamp["root"] != root}
        wrong |= {"forged": not signed or stamp["head"] != head}
        self.name_first(self.rows + 1, self.rows + 1, removed=stamp["last"] > self.rows)
        self.name_first(stamp["first"], self.stamps, **wrong)
        self.enrolled |= {key["key"]: key for row in rows for key in row["facts"].get("enrolled", [])}
        for position, row in enumerate(rows, stamp["first"]):
            if row["act"] or row["key"]:
                self.act(position, row)
        self.revoked.update(key for row in rows for key in row["facts"].get("revoked", []))
        self.head = stamp["head"]
        self.heads.add(self.head)

    def act(self, at, row):
        said, key = json.loads(row["act"]), self.enrolled.get(row["key"], {"officer": None, "public": ""})
        signed = check_signature(bytes.fromhex(key["public"]), row["act"], bytes.fromhex(row["signature"]))
        known = row["officer"] == said["officer"] == key["officer"] and row["key"] not in self.revoked
        new = said["nonce"] not in self.nonces and row["key"] in said["keys"] and said["head"] in self.heads
        self.name_first(at, at, no_key=not known, repeated=not new, act=not signed)
        self.nonces.add(said["nonce"])

    def end(self, head=None):
        self.name_first(None, "", cut=self.waiting or not self.stamps, anew=head and head not in self.heads)
        return {"rows": self.rows, "stamps": self.stamps, "first_bad": self.bad, "head": self.head, "key": self.key}


if __name__ == "__main__":
    ask = argparse.ArgumentParser(description="Check an exported log from its file alone.")
    _ = [ask.add_argument(name) for name in ("file", "--key", "--head")]
    given = ask.parse_args()
    log = Log(given.key and given.key.lower())
    with open(given.file, "rb") as lines:
        for line in lines:
            log.take(line.removesuffix(b"\n"))
    found = log.end(given.head and given.head.lower())
    print(json.dumps(found, ensure_ascii=False))
    sys.exit(1 if found["first_bad"] else 0)
