"""Who may do what: officers, ranks, units, roles, compartments, keys; the `verb` that every write goes through.

Takes an officer and what he wants to do; gives the act done and its row in the log, or a refusal that says why.
Refuses one officer signing twice, a key that is not enrolled, rows of another unit.
Start reading at `verbs_of_the_house` (the decorator) and `scope` (`visible_to`).
"""
