"""Links between tips are proposed by the two strongest rules, weaker where many share a selector."""

from hypothesis import given
from hypothesis import strategies as st

from paricha.linking.judging import propose, shipped_rules


def test_the_same_account_joins_two_tips_at_full_strength():
    proposal = propose("account", 2, shipped_rules())
    assert proposal is not None
    assert (proposal.rule.code, proposal.strength, proposal.damped_by) == ("L01", 98, 0)


def test_a_shared_address_alone_joins_nothing():
    assert propose("address", 2, shipped_rules()) is None


def test_a_selector_in_one_tip_joins_nothing():
    assert propose("device", 1, shipped_rules()) is None


def test_a_hub_joins_nothing():
    assert propose("account", 50, shipped_rules()) is None


@given(st.integers(2, 200))
def test_more_sharing_never_makes_a_link_stronger(sharing):
    one, more = propose("account", sharing, shipped_rules()), propose("account", sharing + 1, shipped_rules())
    assert (more.strength if more else 0) <= (one.strength if one else 0)
