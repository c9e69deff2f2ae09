"""A tip handed to a district or station with a due date, and the action-taken report that comes back.

Takes a tip and what the receiver needs to know of it; gives a dispatch with a covering letter, and the report.
Refuses a due date in the past, a report for what was never sent, a second report where the first stands (a correction is
a new one). The receiver sees the enclosed facts with their places, never the rest of the tip. Start reading at `verbs`.
"""
