"""Rights and the roles that hold them. A role is a job in the unit; a right is a thing one may do."""

from __future__ import annotations

from enum import StrEnum


class Right(StrEnum):
    """What an officer may do. Reading follows need to know (`visible_to`) and the READ rights."""

    INTAKE = "intake"  # bring files in, enter a tip, save a mapping
    READ_RECORDS = "read-records"  # tips, accounts, selectors, search
    DECIDE_TIPS = "decide-tips"  # take, verdicts, conflicts, priority by hand
    RULES = "rules"  # triage rules in force
    OPERATORS = "operators"  # import snapshots, operator tables, exits
    READ_DOORS = "read-doors"
    LEGAL = "legal"  # observations, requests, replies, corroborations
    SIGN_REQUEST = "sign-request"
    ENQUIRE = "enquire"  # task and record an enquiry
    DECIDE_HOLD = "decide-hold"
    CONFIRM_STATION = "confirm-station"
    SIGN_DOOR = "sign-door"
    DISPATCH = "dispatch"
    REPORT_BACK = "report-back"
    PLAN = "plan"
    NOMINATE = "nominate"
    SEAL = "seal"
    RELEASE = "release"
    STOP = "stop"
    CONTROL_ROOM = "control-room"
    FIELD = "field"
    CUSTODY = "custody"
    EXAMINE = "examine"
    CASES = "cases"
    BRIEF = "brief"
    AUDIT = "audit"
    ADMIN = "admin"  # officers, units, keys, tokens, settings, backup
    DELETE = "delete"  # legal deletion of an original
    REBUILD = "rebuild"
    BREAK_GLASS = "break-glass"


class Role(StrEnum):
    ANALYST = "analyst"
    SUPERVISOR = "supervisor"
    LEGAL_DESK = "legal-desk"
    SIGNATORY = "signatory"
    COMMANDER = "commander"
    DISTRICT = "district"
    CONTROL_ROOM = "control-room"
    TEAM = "team"
    CUSTODIAN = "custodian"
    EXAMINER = "examiner"
    INVESTIGATOR = "investigator"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


_DOOR_WORK = {
    Right.OPERATORS,
    Right.READ_DOORS,
    Right.LEGAL,
    Right.ENQUIRE,
    Right.DECIDE_HOLD,
    Right.CONFIRM_STATION,
}

ROLE_RIGHTS: dict[Role, frozenset[Right]] = {
    Role.ANALYST: frozenset({Right.INTAKE, Right.READ_RECORDS, Right.DECIDE_TIPS, Right.DISPATCH, Right.BREAK_GLASS}),
    Role.SUPERVISOR: frozenset(
        {
            Right.INTAKE,
            Right.READ_RECORDS,
            Right.DECIDE_TIPS,
            Right.RULES,
            Right.READ_DOORS,
            Right.DECIDE_HOLD,
            Right.DISPATCH,
            Right.PLAN,
            Right.SEAL,
            Right.RELEASE,
            Right.STOP,
            Right.BRIEF,
            Right.REBUILD,
            Right.BREAK_GLASS,
        }
    ),
    Role.LEGAL_DESK: frozenset({Right.READ_RECORDS, Right.BREAK_GLASS} | _DOOR_WORK),
    Role.SIGNATORY: frozenset({Right.READ_RECORDS, Right.READ_DOORS, Right.SIGN_REQUEST, Right.SIGN_DOOR}),
    Role.COMMANDER: frozenset(
        {
            Right.READ_RECORDS,
            Right.READ_DOORS,
            Right.DECIDE_HOLD,
            Right.PLAN,
            Right.SEAL,
            Right.RELEASE,
            Right.STOP,
            Right.CONTROL_ROOM,
            Right.BRIEF,
            Right.BREAK_GLASS,
        }
    ),
    Role.DISTRICT: frozenset(
        {
            Right.READ_RECORDS,
            Right.READ_DOORS,
            Right.ENQUIRE,
            Right.CONFIRM_STATION,
            Right.REPORT_BACK,
            Right.NOMINATE,
            Right.CASES,
            Right.BREAK_GLASS,
        }
    ),
    Role.CONTROL_ROOM: frozenset({Right.CONTROL_ROOM, Right.STOP}),
    Role.TEAM: frozenset({Right.FIELD}),
    Role.CUSTODIAN: frozenset({Right.CUSTODY}),
    Role.EXAMINER: frozenset({Right.EXAMINE, Right.CUSTODY}),
    Role.INVESTIGATOR: frozenset({Right.READ_RECORDS, Right.CASES, Right.CUSTODY, Right.BREAK_GLASS}),
    Role.AUDITOR: frozenset({Right.AUDIT}),
    Role.ADMINISTRATOR: frozenset({Right.ADMIN, Right.DELETE, Right.REBUILD}),
}


def rights_of(roles: frozenset[Role]) -> frozenset[Right]:
    """The union of what the roles hold."""
    return frozenset().union(*(ROLE_RIGHTS[role] for role in roles)) if roles else frozenset()
