"""Doors become an operation: demand, nomination, teams, sealed packages, a release by two officers, a stop.

Takes doors that hold; gives each team a package about its own sites, sealed twice, opened only after two officers have
released it. Reads each door's state again in the release's own transaction. Refuses a package with a door that does not
hold, one officer signing twice, a bare "infeasible": what is missing is named. Start reading at `verbs` and `teams`.
"""
