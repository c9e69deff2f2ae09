"""From the text of an address to its PIN, post office, local body and the stations it may belong to.

Takes: an address as replied; the unit's own districts, stations and local bodies; post offices of the PIN directory.
Gives: what was found with where it stands in the text, station proposals with their basis, warnings of homonyms.
Refuses: to choose a station. A PIN alone never decides one; the station itself confirms (check C31).
Start reading at `addresses`, then `proposals`.
"""
