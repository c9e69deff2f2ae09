"""What every room stands on: instants, selectors' normal forms, where a value stands, refusals, identity.

Takes plain text and bytes; gives frozen records. Pure: knows no Django, no database, no clock but the one handed in.
Refuses to guess: a time without a zone has no UTC, an address that is none has no normal form.
Start reading at `provenance`.
"""
