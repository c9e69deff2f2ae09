"""From a sighting to the right door, and never the wrong one.

Takes: sightings (tips' and observed), operators' answers, enquiries, an officer's decisions. Gives: requests read back
before two signatures, replies judged row by row, doors with the checks that speak for and against them.
Refuses: a time without a zone, an altered letter, a reply that does not echo what was asked; a block is never decided
away, a hold only by a named officer with a reason. A check that is not built is absent from a door, never "pass".
Start reading at `strand` (the records), `checks_of_a_strand`, `checks_of_a_door`, then `verbs`.
"""
