"""Check an exported log from its file alone: python audit_verifier.py FILE [--key PUBLIC] [--head HEX].

Needs Python 3.11 and the `cryptography` library, nothing of Paricha. `--key` is the stamp key and `--head` a head of
the log, both written down elsewhere (paper, phone, headquarters): only they show a log made anew or cut short by
someone who holds the database. Exit code 0: whole; 1: the first thing that is bad is named.

Each line is JSON in its canonical form (keys sorted, no blanks): {"hash","position","row"} or {"stamp"}.
"""

import argparse
import hashlib
import json
import sys

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key


def canonical(thing):
    return json.dumps(thing, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def merkle_root(leaves):
    """RFC 6962, section 2.1, over the row hashes."""
    level = [hashlib.sha256(b"\0" + leaf).digest() for leaf in leaves]
    while len(level) > 1:
        pairs = [hashlib.sha256(b"\1" + level[i] + level[i + 1]).digest() for i in range(0, len(level) - 1, 2)]
        level = pairs + (level[-1:] if len(level) % 2 else [])
    return level[0] if level else hashlib.sha256(b"").digest()


def head_of(stamp):
    names = ("previous", "number", "first", "last", "at_ns", "root")
    return hashlib.sha256(("paricha-stamp/1|" + "|".join(str(stamp[name]) for name in names)).encode()).hexdigest()


def check_signature(public, statement, signature):
    """Whether the key (DER) signed the statement: Ed25519 over its text, or a passkey over its SHA-256."""
    signed, wanted = statement.encode(), hashlib.sha256(statement.encode()).digest()
    try:
        key = load_der_public_key(public)
        if signature[:1] == b"{":  # an assertion of WebAuthn level 2, section 7.2
            said = {name: bytes.fromhex(value) for name, value in json.loads(signature).items()}
            client = json.loads(said["client"])
            challenge = client["challenge"].replace("-", "+").replace("_", "/")
            if client["type"] != "webauthn.get" or challenge != _base64(wanted) or not said["authenticator"][32] & 4:
                return False  # flag 4: the officer was verified by finger, face or PIN
            signed, signature = said["authenticator"] + hashlib.sha256(said["client"]).digest(), said["signature"]
        if isinstance(key, Ed25519PublicKey):
            key.verify(signature, signed)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, signed, ec.ECDSA(SHA256()))
        else:
            key.verify(signature, signed, padding.PKCS1v15(), SHA256())
    except (InvalidSignature, ValueError, KeyError, TypeError, IndexError):
        return False
    return True


def _base64(raw):
    import base64

    return base64.b64encode(raw).decode().rstrip("=")


class Log:
    """Reads lines in order; `bad` is the first thing that does not fit."""

    def __init__(self, key=None):
        self.key, self.known_key = key, key is not None
        self.rows = self.stamps = 0
        self.head, self.bad, self.waiting, self.heads = "0" * 64, None, [], set()
        self.ids, self.nonces, self.enrolled, self.revoked = set(), set(), {}, set()

    def say(self, row, why):
        self.bad = self.bad or {"row": row, "why": why}

    def take(self, line):
        try:
            thing = json.loads(line)
            if canonical(thing) != line:
                return self.say(self.rows + 1, "this line is not as it was exported")
            self.stamp(thing["stamp"]) if "stamp" in thing else self.row(thing)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            self.say(self.rows + 1, f"this line cannot be read: {error}")

    def row(self, line):
        self.rows += 1
        at, row = line["position"], line["row"]
        if at is None:
            return self.say(None, "a row without a stamp follows the last stamp")
        if at > self.rows:
            return self.say(self.rows, f"row {self.rows} was removed: the next one is row {at}")
        if at < self.rows:
            return self.say(at, f"row {at} was moved or doubled: it stands where row {self.rows} should")
        if hashlib.sha256(canonical(row)).hexdigest() != line["hash"]:
            return self.say(at, f"row {at} was changed: its content does not fit its hash")
        if row["id"] in self.ids:
            return self.say(at, f"row {at} stands twice")
        if self.waiting and (row["at_ns"], row["id"]) < self.waiting[-1][1:3]:
            return self.say(at, f"row {at} was moved: it is older than the one before it in the same stamp")
        self.ids.add(row["id"])
        self.waiting.append((line["hash"], row["at_ns"], row["id"], row))

    def stamp(self, stamp):
        self.stamps += 1
        first, last, name = stamp["first"], stamp["last"], f"stamp {self.stamps} (rows {stamp['first']}–{stamp['last']})"
        self.key = self.key or stamp["key"]
        if stamp["number"] != self.stamps or last != self.rows or last - first + 1 != len(self.waiting):
            return self.say(first, f"rows were removed or added: {name} does not count the rows before it")
        if stamp["key"] != self.key:
            return self.say(first, f"{name} is signed by another key" + " than the one written down" * self.known_key)
        if stamp["previous"] != self.head:
            return self.say(first, f"{name} was forged or moved: it does not follow the stamp before")
        if stamp["root"] != merkle_root([bytes.fromhex(row[0]) for row in self.waiting]).hex():
            return self.say(first, f"{name} does not fit its rows: one of them was changed, exchanged or moved")
        try:
            Ed25519PublicKey.from_public_bytes(bytes.fromhex(self.key)).verify(
                bytes.fromhex(stamp["signature"]), bytes.fromhex(stamp["head"])
            )
        except (InvalidSignature, ValueError):
            return self.say(first, f"{name} was forged: its signature is not the stamp key's")
        if stamp["head"] != head_of(stamp):
            return self.say(first, f"{name} was forged: its head does not fit what it says")
        for _, _, _, row in self.waiting:
            for key in row["facts"].get("enrolled", []):
                self.enrolled[key["key"]] = key
        for position, (_, _, _, row) in enumerate(self.waiting, first):
            if row["act"]:
                self.act(position, row)
        self.revoked.update(key for row in self.waiting for key in row[3]["facts"].get("revoked", []))
        self.head, self.waiting = stamp["head"], []
        self.heads.add(self.head)

    def act(self, at, row):
        said, key = json.loads(row["act"]), self.enrolled.get(row["key"])
        if key is None or row["key"] in self.revoked:
            return self.say(at, f"row {at} is signed by a key that was not enrolled, or was revoked before")
        if key["officer"] != row["officer"] or said["officer"] != row["officer"] or row["key"] not in said["keys"]:
            return self.say(at, f"row {at} is signed for another officer or key")
        if said["nonce"] in self.nonces or said["head"] not in self.heads | {"0" * 64}:
            return self.say(at, f"row {at} carries a statement that was used before, or follows a head this log never had")
        self.nonces.add(said["nonce"])
        if not check_signature(bytes.fromhex(key["public"]), row["act"], bytes.fromhex(row["signature"])):
            self.say(at, f"row {at}: the officer's signature does not fit the act")

    def end(self, head=None):
        if self.waiting:
            self.say(self.rows, "the log was cut short: rows without their stamp stand at its end")
        if not self.stamps:
            self.say(None, "the log is empty")
        if head and head not in self.heads:
            self.say(None, "the head written down elsewhere is not in this log: it was made anew, or cut short before it")
        return {"rows": self.rows, "stamps": self.stamps, "first_bad": self.bad, "head": self.head, "key": self.key}


def main(words=None):
    ask = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ask.add_argument("file")
    ask.add_argument("--key", help="public stamp key in hex, written down elsewhere")
    ask.add_argument("--head", help="a head of the log in hex, written down elsewhere")
    given = ask.parse_args(words)
    log = Log(given.key and given.key.lower())
    with open(given.file, "rb") as lines:
        for line in lines:
            log.take(line.removesuffix(b"\n"))
    found = log.end(given.head and given.head.lower())
    print(json.dumps(found, ensure_ascii=False))
    return 1 if found["first_bad"] else 0


if __name__ == "__main__":
    sys.exit(main())
