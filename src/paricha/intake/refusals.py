"""Codes of what intake refuses; each has its heading in docs/reference/formats.md."""

from paricha.grounds.refusals import register

register(
    INTAKE_EMPTY="The file has no bytes.",
    INTAKE_UNKNOWN_FORMAT="The file is in no format that this program reads.",
    INTAKE_NOT_YET="The format is known by name, but this release does not read it yet.",
    INTAKE_NOTHING_KNOWN="The file is well formed, but nothing in it is known to its reader.",
    INTAKE_JSON_CUT="The JSON ends in the middle of a value.",
    INTAKE_JSON_BROKEN="The JSON breaks its own grammar at a place that is named.",
    INTAKE_JSON_DEPTH="The JSON is nested deeper than any report; it is not read.",
    INTAKE_JSON_DUPLICATE_KEY="One object has the same key twice with different values: which is true cannot be known.",
    INTAKE_TEXT_ENCODING="The letters of the file cannot be decoded; the encoding is not one that can be told.",
    INTAKE_TEXT_REPAIRED="The file was not valid as its program wrote it; it was read after a repair without loss.",
    INTAKE_SHEET_ENCRYPTED="The workbook is locked with a password.",
    INTAKE_SHEET_BROKEN="The workbook is damaged or cut.",
    INTAKE_SHEET_TOO_LARGE="The sheet unpacks to more than this program reads at once.",
    INTAKE_SHEET_UNMAPPED="No mapping fits the headings of the sheet.",
    INTAKE_SHEET_DRIFTED="The headings differ from those of the mapping that was named for the file.",
    INTAKE_DATE_ORDER="Dates in a column can be read two ways and nothing decides; they have no instant.",
    INTAKE_MAPPING="The mapping is not a mapping: a field, zone or order in it is unknown.",
    INTAKE_MAPPING_UNKNOWN="There is no saved mapping of that name.",
    INTAKE_ENTRY="What was typed lacks something that a tip needs, or contradicts itself.",
    INTAKE_PATH="The path does not exist or cannot be read.",
    INTAKE_FILE_DONE="The file needs no retry: it was read.",
)
