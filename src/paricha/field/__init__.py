"""The morning as it happens: events signed on the team's phone or entered by the control room; the board.

Takes signed envelopes from enrolled devices and what a team says by telephone; gives the state of each site, counted from
stored rows. Refuses forged, altered and reordered events, a site of another team; the same event twice is one event.
Nothing is ever edited: a correction is a new event. Start reading at `envelope` and `verbs`.
"""
