"""The log: one row an event, in the transaction of what it tells; nothing in it changes or goes."""

import json
from importlib import import_module

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from paricha.audit.events import Event
from paricha.audit.log import canonical, history, plain_row, record, record_alone
from paricha.audit.models import AuditRow, Position, Stamp, Touch, Unstamped
from paricha.audit.stamp import merkle_root, stamp_all

THING = bytes(range(16))


@pytest.mark.django_db(transaction=True)
def test_an_event_outside_a_transaction_is_our_own_fault():
    with pytest.raises(RuntimeError):
        record(Event.LOG_READ, officer=None, via="cli")


def test_an_event_goes_with_what_it_tells_of(db):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        record(Event.LOG_READ, officer=None, via="cli", touched=[("tip", THING)])
        raise ZeroDivisionError
    assert not AuditRow.objects.exists() and not Touch.objects.exists() and not Unstamped.objects.exists()


def test_the_history_of_a_thing_is_every_event_that_touched_it_once(db):
    for _n in range(3):
        record_alone(Event.LOG_READ, officer=None, via="cli", touched=[("tip", THING), ("tip", THING)])
    record_alone(Event.LOG_READ, officer=None, via="cli", touched=[("tip", b"\1" * 16)])
    rows = history(THING)
    assert len(rows) == 3 and rows == sorted(rows, key=lambda row: (row.at_ns, row.id))


def test_what_cannot_be_written_as_json_for_ever_is_refused(db):
    with pytest.raises(ValueError):
        record_alone(Event.LOG_READ, officer=None, via="cli", facts={"share": float("nan")})


@given(
    facts=st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
                          st.one_of(st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.booleans(),
                                    st.none(), st.text(st.characters(exclude_categories=["Cs"]), max_size=20)),
                          max_size=5),
)  # fmt: skip
def test_a_row_s_bytes_are_the_same_after_any_number_of_readings(facts):
    """What is hashed must come out of JSON as it went in, else the file verifies nothing."""
    row = AuditRow(
        at_ns=2**62, event="audit:log:read", via="cli", touched="[]", facts=json.dumps(facts, sort_keys=True)
    )
    once = canonical(plain_row(row))
    assert canonical(json.loads(once)) == once


@given(st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=40), st.data())
def test_the_root_changes_with_every_row_changed_moved_added_or_removed(leaves, data):
    root = merkle_root(leaves)
    at = data.draw(st.integers(0, len(leaves) - 1))
    other = data.draw(st.binary(min_size=32, max_size=32).filter(lambda leaf: leaf != leaves[at]))
    assert merkle_root([*leaves[:at], other, *leaves[at + 1 :]]) != root
    assert merkle_root([*leaves, other]) != root and merkle_root(leaves[:at] + leaves[at + 1 :]) != root
    to = data.draw(st.integers(0, len(leaves) - 1))
    moved = [leaf for n, leaf in enumerate(leaves) if n != at]
    moved.insert(to, leaves[at])
    assert (merkle_root(moved) == root) == (moved == leaves)


def test_the_root_is_that_of_rfc_6962():
    """Roots of the first eight leaves of the test tree of RFC 6962's reference implementation (certificate-transparency,
    `merkle_tree_test`), whose leaves are these bytes; ours are hashed rows, the tree is the same."""
    leaves = [bytes.fromhex(text) for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657",
                                               "606162636465666768696a6b6c6d6e6f")]  # fmt: skip
    assert merkle_root(leaves[:1]).hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert merkle_root(leaves).hex() == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


@pytest.mark.parametrize(
    "table,column", [("auditrow", "event"), ("stamp", "at_ns"), ("position", "row_id"), ("touch", "thing")]
)
@pytest.mark.parametrize("what", ["change", "remove"])
def test_the_database_itself_refuses_to_change_or_remove_what_was_kept(db, table, column, what):
    guard = import_module("paricha.audit.migrations.0002_guard")
    with connection.cursor() as cursor:
        for statement in guard.raising(connection.vendor):
            cursor.execute(statement)
    record_alone(Event.LOG_READ, officer=None, via="cli", touched=[("tip", THING)])
    stamp_all()
    order = f"UPDATE audit_{table} SET {column} = {column}" if what == "change" else f"DELETE FROM audit_{table}"
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(order)
    assert (AuditRow.objects.count(), Stamp.objects.count(), Position.objects.count(), Touch.objects.count()) == (
        1,
    ) * 4
