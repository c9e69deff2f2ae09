"""Short numbers: one series a letter, unit and year, no gap, no doubles."""

import threading

import pytest
from django.db import connection, transaction

from paricha.access.models import UnitKind
from paricha.access.numbers import next_number
from paricha.access.verbs import add_unit


def test_each_letter_unit_and_year_counts_for_itself(officer):
    district = add_unit(officer, "Puzhanad", under=officer.unit, kind=UnitKind.DISTRICT)
    with transaction.atomic():
        asked = [("D", officer.unit, 2026), ("D", officer.unit, 2026), ("P", officer.unit, 2026)]
        asked += [("D", district, 2026), ("D", officer.unit, 2027)]
        assert [next_number(*one) for one in asked] == ["D-0001", "D-0002", "P-0001", "D-0001", "D-0001"]


def test_a_number_that_was_rolled_back_is_given_out_again(officer):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        assert next_number("D", officer.unit, 2026) == "D-0001"
        raise ZeroDivisionError
    with transaction.atomic():
        assert next_number("D", officer.unit, 2026) == "D-0001"


@pytest.mark.django_db(transaction=True)
def test_four_writers_at_once_get_every_number_once(home, settings):
    from paricha.access.verbs import FIRST_KEY, make_first_officer

    (home / FIRST_KEY).unlink(missing_ok=True)
    unit = make_first_officer(home, "Anila Kurian", "Malanad")[0].unit
    got, wrong = [], []

    def write():
        try:
            for _n in range(10):
                with transaction.atomic():
                    got.append(next_number("D", unit, 2026))
        except Exception as error:  # noqa: BLE001  a thread's failure must reach the test
            wrong.append(error)
        finally:
            connection.close()

    writers = [threading.Thread(target=write) for _n in range(4)]
    [writer.start() for writer in writers]
    [writer.join() for writer in writers]
    assert wrong == [] and sorted(got) == [f"D-{n:04d}" for n in range(1, 41)]


@pytest.mark.django_db(transaction=True)
def test_a_number_needs_a_transaction(home):
    with pytest.raises(RuntimeError):
        next_number("D", None, 2026)
