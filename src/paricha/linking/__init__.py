"""Records → judged edges with reasons: which tips speak of the same account or device.

Takes exact selector links from `records`; gives edges with the rule, its strength, the places in both originals.
Only the two strongest rules stand here; each edge is a proposal an officer may reject. It refuses to merge.
Start reading at `judging`.
"""
