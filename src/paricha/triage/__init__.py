"""Everything known about a tip → four axes with reasons → the queue. The rank lives here, not on the tip.

Takes documents from `records`, facts from `operators` and `linking`; gives axes 0–100, each with its reasons and where
they stand, completeness apart from priority, and "not known yet" told apart from "no".
Refuses to close, hide or delete a tip: an officer decides. Start reading at `facts` and `rules/shipped.toml`.
"""
