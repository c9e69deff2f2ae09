"""The officer's workplace: home, notices, search across rooms, and the doors to audit, officers and jobs.

Takes what every room says that it waits for; gives one list, most pressing first. Refuses what is not the officer's to
see, counts included; writes nothing of the work itself.
Start reading at `waits`.
"""
