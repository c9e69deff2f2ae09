"""How each made-up provider reports (tipline reference 2.2, "ESP quirks"): what an officer must know to read its tips.

| provider | its habit |
|---|---|
| Example Video | addresses of sessions only, never of a post; the incident's time is the newest reported event |
| Example Cloud | the upload's time stands in the file's metadata only (`reports.py`) |
| Example Share | only uploads are captured |
| Example Photo | told by its contact's last name only (`Report.company`) |
| Example Mail | files belong to a mail through its Message-ID |
| Example Chat | a file "not viewed" may still equal one that was viewed before |
| Example Pay | all about the suspect is free text (`tips_json.free_text`) |
"""

from paricha.synthetic.reports import Report


def take_habits(report: Report) -> None:
    """Write the report as its provider would; draws nothing, so that nothing else of the State moves."""
    if report.free_text:
        return
    if report.esp == "Example Video":
        for sighting in report.sightings:
            sighting.event = "LOGIN"
            if sighting.who.startswith("file"):
                sighting.who = "suspect 1"
        report.incident_note = "Time of the newest reported event."
    elif report.esp == "Example Share":
        for sighting in report.sightings:
            sighting.event = "UPLOAD"
    elif report.esp == "Example Mail":
        for file in report.files:
            file.note = f"Message-ID: <{report.number}@example.com>"
    elif report.esp == "Example Chat":
        for file in report.files:
            if file.viewed is False:
                file.note = "Equal to a file that was viewed in an earlier report."
