"""Signed acts: a signature fits one act, one officer, one moment, once; two signatures are two officers and two keys."""

import json
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from paricha.access.acting import Signer, acting
from paricha.access.acts import argument_hash, statement
from paricha.access.events import Event
from paricha.access.models import OfficerKey
from paricha.access.second_key import require_key_elsewhere, require_two
from paricha.access.verbs_of_the_house import signing_key, verb
from paricha.audit.log import SignedAct
from paricha.audit.models import AuditRow
from paricha.grounds.refusals import Refused


@verb(may=None, event=Event.OFFICERS_READ, signed=True)
def put_down(officer, what, *, how=1):
    """A signed verb of the test's own."""
    return signing_key()


@verb(may=None, event=Event.OFFICERS_READ, signed=True)
def second(officer, first_officer, first_key):
    return require_two(first_officer, first_key)


@verb(may=None, event=Event.OFFICERS_READ, signed=True)
def override(officer):
    return require_key_elsewhere()


NAME = put_down.verb_name


@pytest.fixture
def key_of(home, acting_as):
    """(enrolled key, private key) of an officer's key file."""
    from pathlib import Path

    from paricha.access.keys import officer_of
    from paricha.access.verbs import FIRST_KEY

    def find(who):
        return officer_of(home / (FIRST_KEY if who.first else Path("keys/officers") / f"{who.name}.key"))[1:]

    return find


def replaying(text: str, key, private) -> Signer:
    return Signer(lambda said: SignedAct(said, key.id, private.sign(said.encode())), (key.id,), text)


def refused(code: str):
    return pytest.raises(Refused, match=code)


def test_a_signed_act_stands_in_the_log_with_statement_key_and_signature(officer, key_of):
    key, _private = key_of(officer)
    assert put_down(officer, "a") == key
    row = AuditRow.objects.get(event=Event.OFFICERS_READ)
    said = json.loads(row.act)
    assert row.key == key.id and said["verb"] == NAME and said["arguments"] == argument_hash({"what": "a", "how": 1})


def test_no_key_at_hand_no_act(officer):
    with acting("screen"), refused("ACCESS-SIGNATURE-NEEDED"):
        put_down(officer, "a")
    assert not AuditRow.objects.filter(event=Event.OFFICERS_READ).exists()


def test_a_statement_is_good_once(officer, key_of):
    key, private = key_of(officer)
    text = statement(officer, NAME, {"what": "a", "how": 1}, [key.id])
    with acting("screen", replaying(text, key, private)):
        put_down(officer, "a")
        with refused("used before"):
            put_down(officer, "a")


@pytest.mark.parametrize("what,how", [("b", 1), ("a", 2)])
def test_a_signature_for_other_arguments_is_refused(officer, key_of, what, how):
    key, private = key_of(officer)
    text = statement(officer, NAME, {"what": "a", "how": 1}, [key.id])
    with acting("screen", replaying(text, key, private)), refused("arguments"):
        put_down(officer, what, how=how)


def test_a_signature_for_another_verb_is_refused(officer, key_of):
    key, private = key_of(officer)
    text = statement(officer, "cases.verbs.close", {"what": "a", "how": 1}, [key.id])
    with acting("screen", replaying(text, key, private)), refused("verb"):
        put_down(officer, "a")


def test_one_officer_s_key_does_not_sign_for_another(officer, make_officer, key_of):
    basil = make_officer("Basil")
    key, private = key_of(basil)
    text = statement(officer, NAME, {"what": "a", "how": 1}, [key.id])
    with acting("screen", replaying(text, key, private)), refused("not an enrolled key of this officer"):
        put_down(officer, "a")


@pytest.mark.parametrize("changed", ["at", "installation", "head", "keys"])
def test_an_old_foreign_or_headless_statement_is_refused(officer, key_of, changed):
    key, private = key_of(officer)
    said = json.loads(statement(officer, NAME, {"what": "a", "how": 1}, [key.id]))
    said[changed] = {
        "at": (datetime.now(UTC) - timedelta(minutes=11)).isoformat(),
        "installation": "ff" * 16,
        "head": "ab" * 32,
        "keys": ["00" * 16],
    }[changed]
    with acting("screen", replaying(json.dumps(said), key, private)), refused("ACCESS-SIGNATURE-WRONG"):
        put_down(officer, "a")


def test_a_signature_by_another_private_key_is_refused(officer, make_officer, key_of):
    (key, _own), (_other, private) = key_of(officer), key_of(make_officer("Basil"))
    text = statement(officer, NAME, {"what": "a", "how": 1}, [key.id])
    with acting("screen", replaying(text, key, private)), refused("not this key"):
        put_down(officer, "a")


def test_a_revoked_key_signs_no_more(officer, key_of):
    from paricha.access.verbs.keys import revoke_key

    key, _private = key_of(officer)
    put_down(officer, "a")
    revoke_key(officer, key, "lost")
    with refused("ACCESS-SIGNATURE-WRONG"):
        put_down(officer, "b")


def test_one_officer_cannot_sign_twice_not_even_with_two_keys(officer, key_of, give_passkey):
    key, _private = key_of(officer)
    _made, passkey = give_passkey(officer)
    for first_key in (key, passkey):
        with refused("ACCESS-SAME-OFFICER"):
            second(officer, officer, first_key)
    with refused("ACCESS-SAME-OFFICER"):  # a first officer named wrongly does not help
        second(officer, b"\0" * 16, passkey)


def test_another_officer_with_another_key_signs_second(officer, make_officer, key_of, acting_as):
    basil = make_officer("Basil")
    key, _private = key_of(officer)
    with acting_as(basil):
        assert second(basil, officer, key).officer == basil
        assert second(basil, officer.id16, key.id).officer == basil, "the bytes that the first verb kept do as well"


def test_on_a_real_folder_two_keys_of_the_server_are_not_two(officer, make_officer, key_of, acting_as, real_folder):
    basil = make_officer("Basil")  # his key file was written into the data folder
    key, _private = key_of(officer)
    assert OfficerKey.objects.get(officer=basil).on_server
    with acting_as(basil), refused("ACCESS-SERVER-KEY"):
        second(basil, officer, key)
    with acting_as(basil), refused("ACCESS-SERVER-KEY"):
        override(basil)
    OfficerKey.objects.filter(officer=basil).update(on_server=False)
    with acting_as(basil):
        assert second(basil, officer, key) == override(basil)


def test_arguments_are_hashed_by_what_they_are(officer, make_officer):
    """Rows stand by kind and id, structs by their fields, sets in order; a row of another table differs."""

    class Place(msgspec.Struct):
        name: str

    basil = make_officer("Basil")
    same = [argument_hash({"a": officer}), argument_hash({"a": type(officer).objects.get(pk=officer.pk)})]
    assert same[0] == same[1]
    assert (
        len({same[0], argument_hash({"a": basil}), argument_hash({"a": officer.unit}), argument_hash({"a": None})}) == 4
    )
    assert argument_hash({"a": Place("x")}) == argument_hash({"a": {"name": "x"}})
    assert argument_hash({"a": {3, 1, 2}}) == argument_hash({"a": {2, 3, 1}})
