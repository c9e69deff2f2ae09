"""A company's XML beside the law-enforcement JSON, and its file details in a file of their own, brought in as the program does."""

import json

import pytest

from tests.records.documents import report

NUMBER = 990000301
REPORT = f"""<exchange><reportResponse><reportId>{NUMBER}</reportId></reportResponse><report>
<incidentSummary><incidentType>Upload</incidentType><incidentDateTime>2026-05-01T13:34:11Z</incidentDateTime></incidentSummary>
<personOrUserReported><personOrUserReportedPerson><firstName>അനുമോദ്</firstName><lastName>കെ</lastName>
<phone>+91 00000 00417</phone></personOrUserReportedPerson><espIdentifier>{70_000_000 + NUMBER}</espIdentifier>
<screenName>Kite_Fly_88</screenName><ipCaptureEvent><ipAddress>203.0.113.47</ipAddress><eventName>Upload</eventName>
<dateTime>2026-05-01T13:34:11Z</dateTime><port>51820</port></ipCaptureEvent></personOrUserReported></report></exchange>"""
DETAILS = (
    f"<fileDetails><reportId>{NUMBER}</reportId><fileId>f1</fileId><fileName>holiday_plan.bin</fileName>"
    "<fileAnnotations><viral/></fileAnnotations><industryClassification>RANK</industryClassification>"
    f'<originalFileHash hashType="MD5">{NUMBER:032x}</originalFileHash></fileDetails>'
)


def tip_now():
    """The only tip: its row, and what it says merged."""
    from paricha.records.models import Tip
    from paricha.records.queries import merged_of

    kept = Tip.objects.get()
    return kept, merged_of(kept)


@pytest.fixture
def write(tmp_path):
    def one(name: str, content: str):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "received.dat").write_text(content)
        return folder

    return one


@pytest.mark.django_db
@pytest.mark.parametrize(
    "order", [("json", "report", "details"), ("details", "report", "json"), ("report", "details", "json")]
)
def test_report_and_file_details_and_json_are_one_tip_in_any_order(bring, write, order):
    content = {"json": json.dumps(report(NUMBER)), "report": REPORT, "details": DETAILS.replace("RANK", "A1")}
    for name in order:
        told = bring(write(name, content[name]))
        assert told["refusals"] == []
    kept, merged = tip_now()
    tip = merged.document
    assert (kept.report_number, kept.version, merged.conflicts, merged.standing.replaced) == (str(NUMBER), 1, [], [])
    assert {source.form for source in tip.sources} == {"json", "xml"}
    assert [(one.who, len(one.accounts), len(one.phones)) for one in tip.people] == [("suspect 1", 1, 1)]
    assert (len(tip.sightings), [one.name.value for one in tip.files]) == (1, ["holiday_plan.bin"])
    assert (tip.files[0].classification.value, [one.value for one in tip.files[0].annotations]) == ("A1", ["viral"])
    assert kept.marks == "viral"


@pytest.mark.django_db
def test_details_brought_again_add_nothing_and_changed_ones_make_a_version(bring, write):
    bring(write("report", REPORT))
    bring(write("details", DETAILS.replace("RANK", "B1")))
    assert bring(write("again", DETAILS.replace("RANK", "B1")))["tips"]["known"] == 1
    assert tip_now()[0].version == 1
    assert bring(write("changed", DETAILS.replace("RANK", "A1")))["tips"]["versions"] == 1
    kept, merged = tip_now()
    assert (kept.version, [one.classification.value for one in merged.document.files], merged.conflicts) == (
        2,
        ["A1"],
        [],
    )
    assert merged.document.people[0].accounts[0].screen_name.value == "Kite_Fly_88"


@pytest.mark.django_db
def test_a_country_code_stated_beside_a_number_is_part_of_it_and_one_written_in_it_stays(bring, write):
    from paricha.records.models import Selector

    phones = (
        '<phone countryCallingCode="+44">20 7946 0123</phone><phone countryCallingCode="+44">+91 10000 00417</phone>'
        "<phone>10000 00418</phone>"
    )
    bring(write("one", REPORT.replace("<phone>+91 00000 00417</phone>", phones)))
    found = set(Selector.objects.filter(kind="phone").values_list("normal_form", flat=True))
    assert found == {"+442079460123", "+911000000417", "+911000000418"}
