"""Refusal codes of `access`."""

from paricha.grounds.refusals import register

register(
    ACCESS_RIGHT="The officer's roles do not hold the right that this act needs.",
    ACCESS_UNKNOWN_OFFICER="No officer of that name is active here.",
    ACCESS_UNKNOWN_UNIT="No unit of that name exists here.",
    ACCESS_KEY_UNREADABLE="The key file cannot be read, is open to others, or its passphrase is wrong.",
    ACCESS_KEY_NOT_ENROLLED="The key is not enrolled for an active officer, or was revoked.",
    ACCESS_SIGNATURE_NEEDED="This act needs a signature by the officer's own key.",
    ACCESS_SIGNATURE_WRONG="The signature does not fit the act, the key or the moment.",
    ACCESS_SAME_OFFICER="The second signature must come from another officer with another key.",
    ACCESS_NOT_VISIBLE="There is no such thing, or it is not for this officer to see.",
    ACCESS_NAME_NEEDED="A name is missing.",
    ACCESS_EXISTS="Something of that name exists already.",
    ACCESS_ROLE_UNKNOWN="There is no such role.",
    ACCESS_REASON_NEEDED="This act is kept for ever with its reason; a reason is missing.",
    ACCESS_TOKEN="The token is unknown, expired, revoked, or not made for this.",
    ACCESS_SIGN_IN="Name, password and code, or the passkey, do not fit together.",
    ACCESS_SLOW_DOWN="Too many wrong tries; this way in rests for some minutes.",
    ACCESS_ENROLMENT="The one-time code is unknown, used or over.",
    ACCESS_PASSWORD="The password is too short or too common.",
    ACCESS_SERVER_KEY="A key that lives on the server cannot give this signature.",
    ACCESS_NOT_YOURS="This belongs to another officer.",
    ACCESS_LAST_ADMINISTRATOR="Nobody would be left who may administer this installation.",
    ACCESS_GLASS="Break-glass needs one unit or one compartment, and ends within twelve hours.",
    ACCESS_NO_KEY="The officer has no key that can sign here.",
    HOUSE_MARK="The mark of made-up data in the settings file is not what the folder was made with.",
    ACCESS_ONLY_SYNTHETIC="This is possible only in a folder of made-up data.",
)
