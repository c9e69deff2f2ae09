"""Long work that outlives its page, its command and its process; and the one scheduler.

Takes work enqueued in a verb's transaction; gives progress, cancel, and resume at the last checkpoint after a kill.
Refuses to run a unit of work whose lease another worker holds, and to retry for ever.
Start reading at `queue`.
"""
