"""Events of `operations`."""

from paricha.audit.events import EventName


class Event(EventName):
    MADE = "operations:operation:made"
    READ = "operations:operation:read"
    LISTED = "operations:list:read"
    SITE_CHOSEN = "operations:site:chosen"
    SITE_DROPPED = "operations:site:dropped"
    SITE_SEEN = "operations:site:seen"
    DEMAND_SENT = "operations:demand:sent"
    NOMINATED = "operations:demand:nominated"
    ACCEPTED = "operations:demand:accepted"
    RETURNED = "operations:demand:returned"
    TEAMS_FORMED = "operations:teams:formed"
    MEMBER_MOVED = "operations:member:moved"
    SITE_MOVED = "operations:site:moved"
    SEALED = "operations:package:sealed"
    PACKAGE_READ = "operations:package:read"
    REVOKED = "operations:package:revoked"
    RELEASE_SIGNED = "operations:release:signed"
    RELEASED = "operations:package:released"
    HELD_BACK = "operations:package:held-back"
    STOPPED = "operations:site:stopped"
    URGENT = "operations:urgent:opened"
    CLOSED = "operations:operation:closed"
