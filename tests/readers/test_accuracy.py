"""Every reader against the made-up State's truth, fact by fact: nothing wrong, next to nothing missed, whatever the damage.

`synthetic` cannot see the readers, so that both cannot share a mistake. What is measured, and how: `accuracy.py`.
"""

import pytest

from paricha.synthetic.state import write_state
from tests.readers import accuracy

FORMS = ("json", "xml", "pdf", "xlsx", "ods", "csv")


@pytest.fixture(scope="module")
def state(tmp_path_factory):
    out = tmp_path_factory.mktemp("state")
    write_state(out, 120, 4)
    return out


@pytest.fixture(scope="module")
def scores(state):
    return accuracy.measure(state)


@pytest.fixture(scope="module")
def hostile(state):
    return accuracy.measure_hostile(state)


def test_the_state_comes_in_every_form(scores):
    assert set(scores) == set(FORMS)
    assert all(one.reports >= 2 and one.true > 20 for one in scores.values())


@pytest.mark.parametrize("form", FORMS)
def test_no_fact_is_wrong(scores, form):
    assert scores[form].wrong == []


@pytest.mark.parametrize("form", FORMS)
def test_next_to_no_fact_is_missed(scores, form):
    assert scores[form].recall >= 0.99, scores[form].missed[:10]


def test_a_wrong_fact_would_be_seen(state, scores):
    """The measure itself: an address at another instant, a port of another address and a foreign name are wrong."""
    true = accuracy.Counter(
        {
            ("suspect 1", "seen", ("203.0.113.5", "2026-05-01T10:00:00Z second")): 1,
            ("suspect 1", "seen.port", ("203.0.113.5", "2026-05-01T10:00:00Z second", 443)): 1,
            ("suspect 1", "name", "Usha Pazhayidam"): 1,
        }
    )
    read = accuracy.Counter(
        {
            ("suspect 1", "seen", ("203.0.113.5", "2026-05-01T15:30:00Z second")): 1,
            ("suspect 1", "seen.port", ("203.0.113.6", "2026-05-01T10:00:00Z second", 443)): 1,
            ("suspect 1", "name", "Usha Pazhayidam"): 1,
        }
    )
    one = accuracy.score({("1", "json"): true}, {("1", "json"): [read]})
    assert (one.read, one.true, one.right, len(one.wrong), len(one.missed)) == (3, 3, 1, 2, 2)
    assert not any(accuracy._part_of(fact, true) for _, fact in one.wrong)


def test_no_hostile_file_gives_a_wrong_fact(hostile):
    assert [(row.file, row.wrong) for row in hostile if row.wrong] == []


def test_of_a_hostile_file_what_can_be_read_is_read(hostile):
    print("\n" + accuracy.hostile_table(hostile))
    for row in hostile:
        if row.expected == "whole":
            assert row.share == 1.0, row
        elif row.expected == "part":
            assert 0 < row.share < 1.0, row
        else:
            assert row.share == 0.0 and row.refused, row
    sound = [row.share for row in hostile if row.expected != "none"]
    assert sum(sound) / len(sound) > 0.9
