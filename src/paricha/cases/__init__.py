"""What came of each door: FIR, report under s.106, nothing found, or the reason why it was not searched.

Takes sites and what was found; gives cases with sections proposed from the law in force that day and edited by an officer.
The sums always agree: each identified door is searched or has its reason. Refuses a case number twice, a section that was
not in force. Start reading at `sums` and `law`.
"""
