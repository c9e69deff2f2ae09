"""The export and its stand-alone verifier: each way to tamper with the log is named, in the file and in the database."""

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from nacl.signing import SigningKey

VERIFIER = Path(__file__).resolve().parents[2] / "src" / "paricha" / "audit" / "audit_verifier.py"


def canonical(thing) -> bytes:
    return json.dumps(thing, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


class Export:
    """An exported log in a test's hands: its lines can be changed and the stand-alone verifier asked about them."""

    def __init__(self, folder: Path, lines: list[dict], key: str) -> None:
        self.folder, self.lines, self.key = folder, lines, key

    def ask(self, *words: str) -> dict:
        """What the verifier prints, run as its own process far from Paricha."""
        file = self.folder / "log.jsonl"
        file.write_bytes(b"".join(canonical(line) + b"\n" for line in self.lines))
        copied = shutil.copy(VERIFIER, self.folder / "verifier.py")
        ran = subprocess.run(
            [sys.executable, copied, file, *words], capture_output=True, text=True, cwd=self.folder,
            env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
        )  # fmt: skip
        assert ran.stderr == ""
        found = json.loads(ran.stdout)
        assert ran.returncode == (1 if found["first_bad"] else 0)
        return found

    def why(self, *words: str) -> str:
        return (self.ask(*words)["first_bad"] or {"why": "whole"})["why"]

    def rows(self) -> list[dict]:
        return [line for line in self.lines if "row" in line]

    def stamps(self) -> list[dict]:
        return [line["stamp"] for line in self.lines if "stamp" in line]

    def hash_again(self, line: dict) -> None:
        line["hash"] = hashlib.sha256(canonical(line["row"])).hexdigest()

    def stamp_again(self, key: SigningKey, *, own_key: bool) -> None:
        """What someone with the database and the stamp key (or one of his own) can do: make all stamps anew."""
        head, waiting = "0" * 64, []
        for line in self.lines:
            if "row" in line:
                waiting.append(line)
                continue
            stamp = line["stamp"]
            leaves = [bytes.fromhex(row["hash"]) for row in waiting]
            level = [hashlib.sha256(b"\0" + leaf).digest() for leaf in leaves]
            while len(level) > 1:
                pairs = [hashlib.sha256(b"\1" + level[i] + level[i + 1]).digest() for i in range(0, len(level) - 1, 2)]
                level = pairs + (level[-1:] if len(level) % 2 else [])
            stamp |= {"previous": head, "root": level[0].hex()}
            said = "|".join(str(stamp[name]) for name in ("previous", "number", "first", "last", "at_ns", "root"))
            head = stamp["head"] = hashlib.sha256(f"paricha-stamp/1|{said}".encode()).hexdigest()
            stamp["signature"] = key.sign(bytes.fromhex(head)).signature.hex()
            if own_key:
                stamp["key"] = bytes(key.verify_key).hex()
            waiting = []


@pytest.fixture(scope="module")
def made(new_house):
    """One installation with a handful of acts, some signed, and its export beside it; each test takes a copy."""
    house = new_house("log")
    for district in ("Puzhanad", "Kizhakkad", "Thekkumkara"):
        house.run("units", "add", district, "--under", "Child protection unit", "--kind", "district")
    house.python(SIGN)
    house.run("officers", "add", "Basil", "--role", "analyst", "--key-out", house.folder.parent / "basil.key")
    house.run("audit", "export", "--out", house.folder.parent / "log.jsonl", "--json")
    return house.folder.parent


# A signed act and a passkey's, put into the log by the house's own means (no room's signed verb is needed for that).
SIGN = """
import json, hashlib, base64
from pathlib import Path
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from django.conf import settings
from paricha.access.acting import Signer, acting
from paricha.access.events import Event
from paricha.access.keys import officer_of, signer_of
from paricha.access.verbs import FIRST_KEY
from paricha.access.verbs.keys import enrol_passkey, revoke_key
from paricha.access.verbs_of_the_house import verb
from paricha.audit.log import SignedAct
from paricha.audit.stamp import stamp_all
officer, key, private = officer_of(settings.HOME / FIRST_KEY)
@verb(may=None, event=Event.OFFICERS_READ, signed=True)
def put_down(officer, what): return officer
with acting("cli", signer_of(key, private)):
    put_down(officer, "a"); put_down(officer, "b"); stamp_all()
made = ec.generate_private_key(ec.SECP256R1()); at = made.public_key().public_numbers()
cose = cbor.encode({1: 2, 3: -7, -1: 1, -2: at.x.to_bytes(32, "big"), -3: at.y.to_bytes(32, "big")})
passkey = enrol_passkey(officer, credential=b"c" * 32, public=cose, sign_count=0, label="test")
def sign(text):
    challenge = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip("=")
    client = json.dumps({"type": "webauthn.get", "challenge": challenge, "origin": "https://x.example.com"}).encode()
    data = bytes(32) + bytes([5]) + bytes(4)
    signature = made.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
    said = {"authenticator": data.hex(), "client": client.hex(), "signature": signature.hex()}
    return SignedAct(text, passkey.id, json.dumps(said).encode())
with acting("screen", Signer(sign, (passkey.id,))):
    put_down(officer, "c")
stamp_all()
revoke_key(officer, passkey, "lost")
stamp_all()
"""


@pytest.fixture
def log(made, tmp_path) -> Export:
    lines = [json.loads(line) for line in (made / "log.jsonl").read_bytes().splitlines()]
    return Export(tmp_path, lines, lines[-1]["stamp"]["key"])


def test_a_whole_log_is_whole_with_key_and_head(log):
    found = log.ask("--key", log.key, "--head", log.stamps()[2]["head"])
    assert found["first_bad"] is None and found["key"] == log.key
    assert (found["rows"], found["stamps"]) == (len(log.rows()), len(log.stamps()))
    assert found["head"] == log.stamps()[-1]["head"]
    assert sum(1 for row in log.rows() if row["row"]["act"]) == 3


def test_the_verifier_is_short_and_knows_nothing_of_paricha():
    text = VERIFIER.read_text()
    assert text.count("\n") < 150 and "import paricha" not in text and "from paricha" not in text


def test_a_changed_row_is_named(log):
    row = log.rows()[3]
    row["row"]["event"] = "access:unit:hidden"
    assert log.ask()["first_bad"] == {"row": 4, "why": "row 4 was changed: its content does not fit its hash"}
    log.hash_again(row)
    assert "does not fit its rows" in log.why()


def test_a_removed_row_is_named(log):
    log.lines.remove(log.rows()[3])
    assert log.ask()["first_bad"]["row"] == 4 and "row 4 was removed" in log.why()
    for line in log.rows()[3:]:
        line["position"] -= 1
    assert "removed" in log.why()


def test_a_row_that_was_moved_or_doubled_is_named(log):
    first, second = [n for n, line in enumerate(log.lines) if "row" in line][2:4]
    log.lines[first], log.lines[second] = log.lines[second], log.lines[first]
    assert "removed" in log.why() or "moved" in log.why()
    log.lines[first]["position"], log.lines[second]["position"] = 3, 4
    assert "moved" in log.why()


def test_rows_that_changed_places_within_a_stamp_are_named(log):
    """Both hashes fit and the numbers run on; only their order in time is wrong."""
    pair = next(n for n in range(len(log.lines) - 1) if "row" in log.lines[n] and "row" in log.lines[n + 1])
    one, other = log.lines[pair], log.lines[pair + 1]
    log.lines[pair], log.lines[pair + 1] = other | {"position": one["position"]}, one | {"position": other["position"]}
    assert "was moved" in log.why()


def test_a_forged_stamp_is_named(log):
    stamp = log.stamps()[1]
    stamp["at_ns"] += 1
    assert "stamp 2 was forged" in log.why()
    log.stamp_again(SigningKey(b"5" * 32), own_key=False)
    assert "stamp 1 was forged" in log.why()


def test_a_log_made_anew_with_another_key_shows_by_the_key_written_elsewhere(log):
    log.rows()[3]["row"]["event"] = "access:unit:hidden"
    log.hash_again(log.rows()[3])
    log.stamp_again(SigningKey(b"5" * 32), own_key=True)
    # From the file alone nothing is wrong but the acts, which were signed after heads that are gone.
    assert "another key" in log.why("--key", log.key)


def test_a_log_made_anew_with_the_stolen_stamp_key_shows_by_the_head_written_elsewhere(log, made):
    written_down = log.stamps()[-1]["head"]
    for line in [line for line in log.rows() if line["row"]["act"]]:
        line["row"] |= {"act": "", "key": None, "signature": None}
        log.hash_again(line)
    stolen = SigningKey(bytes.fromhex((made / "log/keys/stamp.key").read_text()))
    log.stamp_again(stolen, own_key=False)
    assert log.why("--key", log.key) == "whole"
    assert "made anew or cut short" in log.why("--key", log.key, "--head", written_down)


def test_a_log_cut_short_shows_by_the_head_written_elsewhere(log):
    written_down = log.stamps()[-1]["head"]
    while "stamp" not in log.lines[-2]:
        log.lines.pop(-2)
    log.lines.pop()
    assert log.why() == "whole"
    assert "cut short" in log.why("--head", written_down)


def test_rows_at_the_end_without_their_stamp_are_named(log):
    log.lines.pop()
    assert "cut short" in log.why()


def test_an_act_of_a_key_that_was_never_enrolled_or_was_revoked_is_named(log, made):
    stolen = SigningKey(bytes.fromhex((made / "log/keys/stamp.key").read_text()))
    enrolment = next(line for line in log.rows() if line["row"]["event"] == "access:key:enrolled")
    kept = enrolment["row"]["facts"]
    enrolment["row"]["facts"] = {}
    log.hash_again(enrolment)
    log.stamp_again(stolen, own_key=False)
    assert "never enrolled" in log.why()
    enrolment["row"]["facts"] = kept
    first = next(line for line in log.rows() if line["row"]["event"] == "access:house:made")
    first["row"]["facts"]["revoked"] = [first["row"]["facts"]["enrolled"][0]["key"]]
    for line in (enrolment, first):
        log.hash_again(line)
    log.stamp_again(stolen, own_key=False)
    assert "revoked before" in log.why()


@pytest.mark.parametrize("number", [0, 2])
def test_an_act_that_the_officer_s_key_did_not_sign_is_named(log, made, number):
    """Someone with the database and the stamp key puts another act under an officer's name: file key and passkey."""
    stolen = SigningKey(bytes.fromhex((made / "log/keys/stamp.key").read_text()))
    line = [line for line in log.rows() if line["row"]["act"]][number]
    said = json.loads(line["row"]["act"])
    said["verb"] = "operations.verbs.release_package"
    line["row"]["act"] = canonical(said).decode()
    log.hash_again(line)
    # Acts after it name heads that are gone now; the first thing named is the forged act or, before it, nothing.
    log.stamp_again(stolen, own_key=False)
    assert log.ask()["first_bad"]["row"] <= line["position"]
    assert "officer's signature does not fit" in log.why() or "head that this log never had" in log.why()


@pytest.mark.parametrize(
    "line", [b"", b"{", b"[]", b'{"stamp":{}}', b'{"position":1,"row":null,"hash":""}', b"\xff\xfe"]
)
def test_a_line_that_is_none_is_named_and_the_verifier_lives(log, tmp_path, line):
    log.ask()
    file = tmp_path / "log.jsonl"
    lines = file.read_bytes().splitlines()
    file.write_bytes(b"\n".join([*lines[:4], line, *lines[4:]]) + b"\n")
    ran = subprocess.run([sys.executable, VERIFIER, file], capture_output=True, text=True)
    assert ran.returncode == 1 and json.loads(ran.stdout)["first_bad"], ran.stderr


def test_a_row_written_twice_in_one_line_is_named(log, tmp_path):
    """JSON allows a name twice and keeps the last: a reader would see one event, the verifier hash another."""
    log.ask()
    file = tmp_path / "log.jsonl"
    file.write_bytes(file.read_bytes().replace(b'"event":', b'"event":"shown to you","event":', 1))
    ran = subprocess.run([sys.executable, VERIFIER, file], capture_output=True, text=True)
    assert "no line of an export" in ran.stdout


# ---- the same by someone who holds the database --------------------------------------------------------------------
ROW = "(SELECT id FROM audit_auditrow WHERE event = 'audit:log:exported')"
TAMPERS = {
    "row changed": (["UPDATE audit_auditrow SET event = 'audit:log:hidden' WHERE event = 'audit:log:exported'"], "changed"),
    "row removed": (
        [f"DELETE FROM audit_touch WHERE row_id = {ROW}", f"DELETE FROM audit_position WHERE row_id = {ROW}",
         f"DELETE FROM audit_auditrow WHERE id = {ROW}"], "row 2 was removed"),
    "position removed": ([f"DELETE FROM audit_position WHERE row_id = {ROW}"], "row 2 was removed"),
    "positions exchanged": (["UPDATE audit_position SET position = -position",
                             "UPDATE audit_position SET position = CASE WHEN position = -1 THEN 2 WHEN position = -2 THEN 1 "
                             "ELSE -position END"], "does not fit its rows"),
    "last stamp removed": (["DELETE FROM audit_stamp WHERE number = 3"], "cut short"),
    "stamp changed": (["UPDATE audit_stamp SET at_ns = at_ns + 1 WHERE number = 1"], "forged"),
    "stamp removed": (["DELETE FROM audit_stamp WHERE number = 2"], "does not count"),
    "history cut": ([f"DELETE FROM audit_touch WHERE row_id = {ROW}"], "missing from the history"),
    "row hidden": (["DELETE FROM audit_unstamped"], "was hidden"),
}  # fmt: skip


@pytest.mark.parametrize("how", TAMPERS)
def test_whoever_holds_the_database_is_found_out(db, how):
    from django.db import connection

    from paricha.audit.events import Event
    from paricha.audit.export import verify_database
    from paricha.audit.log import record_alone
    from paricha.audit.stamp import stamp_all

    for event in (Event.LOG_READ, Event.LOG_EXPORTED, Event.LOG_VERIFIED):
        record_alone(event, officer=None, via="cli", touched=[("tip", bytes(16))])
        stamp_all()
    assert verify_database()["first_bad"] is None
    record_alone(Event.LOG_READ, officer=None, via="cli")
    statements, word = TAMPERS[how]
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
    found = verify_database()
    assert set(found) == {"rows", "stamps", "first_bad", "head", "key"}
    assert word in found["first_bad"]["why"], found


def test_one_edited_row_of_a_real_folder_is_named_by_the_command(house):
    """The first of the things to try in `docs/first-hour/try-to-break-it`: a database tool, one row."""
    url = house.environment["PARICHA_DATABASE_URL"]
    edit = "UPDATE audit_auditrow SET via = 'screen'"
    if url:
        import psycopg

        with psycopg.connect(url, autocommit=True) as connection:
            with pytest.raises(psycopg.Error, match="append-only"):
                connection.execute(edit)
            connection.execute("DROP TRIGGER audit_auditrow_no_update ON audit_auditrow")
            connection.execute(edit)
    else:
        connection = sqlite3.connect(house.folder / "paricha.sqlite3")
        with pytest.raises(sqlite3.Error, match="append-only"):
            connection.execute(edit)
        connection.executescript(f"DROP TRIGGER audit_auditrow_no_update; {edit}; ")
        connection.close()
    found = house.json("audit", "verify", exit_code=1)
    assert found["first_bad"]["why"] == "row 1 was changed: its content does not fit its hash"
