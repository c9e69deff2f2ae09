"""ZIPs, e-mails and mailboxes taken apart: made here by the standard library or by hand, then bent as an attacker would."""

import base64
import io
import stat
import struct
import zipfile
import zlib
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paricha.intake.containers import Contents, Damaged, leads_out
from paricha.intake.containers_known import contents_of, may_be_container
from paricha.intake.containers_mail import is_mail, mail_contents
from paricha.intake.containers_zip import archive_of, is_office, zip_contents


def zipped(*members, method=zipfile.ZIP_DEFLATED) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", method) as box:
        for name, data in members:
            box.writestr(name, data)
    return written.getvalue()


def refused(contents: Contents) -> dict[str, str]:
    return {member.name: member.refused for member in contents.members}


def whole(contents: Contents) -> dict[str, bytes | None]:
    """What each member decodes to; None where it is refused, cannot be opened or is damaged."""
    found: dict[str, bytes | None] = {}
    for member in contents.members:
        try:
            found[member.name] = b"".join(member.pieces()) if member.pieces and not member.refused else None
        except Damaged:
            found[member.name] = None
    return found


def patched(data: bytes, name: bytes, field: int, value: bytes, *, directory: bool) -> bytes:
    """A field of a member's header (or of its entry in the directory) overwritten."""
    mark, size = (b"PK\x01\x02", 46) if directory else (b"PK\x03\x04", 30)
    at = data.index(mark)
    while data[at + size : at + size + len(name)] != name:
        at = data.index(mark, at + 1)
    return data[: at + field] + value + data[at + field + len(value) :]


SOUND = zipped(("b/two.json", b'{"b": 2}' * 50), ("a.json", b'{"a": 1}'), ("c.txt", b"c"))


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2])
def test_members_come_in_byte_order_with_their_bytes(method):
    contents = zip_contents(zipped(("b/ two", b"2" * 700_000), ("a", b""), ("dir/", b""), method=method))
    assert (contents.reader, contents.why, whole(contents)) == ("zip/1", None, {"a": b"", "b/ two": b"2" * 700_000})


def test_large_archives_state_sizes_in_another_place():
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as box, box.open("long.txt", "w", force_zip64=True) as member:
        member.write(b"told at length")
    assert whole(zip_contents(written.getvalue())) == {"long.txt": b"told at length"}


def test_an_encrypted_member_is_refused_and_the_others_are_read():
    flagged = patched(
        patched(SOUND, b"a.json", 6, b"\x01\x00", directory=False), b"a.json", 8, b"\x01\x00", directory=True
    )
    contents = zip_contents(flagged)
    assert refused(contents) == {"a.json": "INTAKE-ZIP-ENCRYPTED", "b/two.json": "", "c.txt": ""}
    assert contents.why is None


def test_an_archive_of_nothing_but_encrypted_members_is_refused_as_a_whole_too():
    one = zipped(("a.json", b"{}"))
    flagged = patched(
        patched(one, b"a.json", 6, b"\x01\x00", directory=False), b"a.json", 8, b"\x01\x00", directory=True
    )
    contents = zip_contents(flagged)
    assert (contents.why.code, refused(contents)) == ("INTAKE-ZIP-ENCRYPTED", {"a.json": "INTAKE-ZIP-ENCRYPTED"})


def test_a_bomb_is_refused_before_a_byte_of_it_is_decoded():
    bomb = zipped(("zeros", bytes(20 << 20)), ("a.json", b"{}"))
    assert refused(zip_contents(bomb)) == {"zeros": "INTAKE-ZIP-BOMB", "a.json": ""}
    stated = patched(SOUND, b"c.txt", 24, (3 << 30).to_bytes(4, "little"), directory=True)
    contents = zip_contents(stated)
    assert (contents.why.code, contents.members) == ("INTAKE-ZIP-BOMB", [])


def test_a_member_longer_than_it_says_is_damaged_and_not_decoded_further():
    short = patched(
        patched(SOUND, b"b/two.json", 24, b"\x05\0\0\0", directory=True),
        b"b/two.json",
        22,
        b"\x05\0\0\0",
        directory=False,
    )
    member = next(one for one in zip_contents(short).members if one.name == "b/two.json")
    with pytest.raises(Damaged):
        list(member.pieces())


def test_members_that_share_their_bytes_are_a_bomb():
    """Both entries of the directory point at one member: what overlaps is how 46 MB of directory become petabytes."""
    data = zipped(("a", b"x" * 100), ("b", b"y" * 100), ("c", b"fine"))
    first = data.index(b"PK\x03\x04").to_bytes(4, "little")
    assert refused(zip_contents(patched(data, b"b", 42, first, directory=True))) == {
        "a": "INTAKE-ZIP-BOMB", "b": "INTAKE-ZIP-BOMB", "c": "",
    }  # fmt: skip


def test_too_many_members_are_refused_as_a_whole():
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 46, 0xFFFFFFFF, 0)
    record = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 10**7, 10**7, 0, 4)
    data = b"PK\x03\x04" + record + struct.pack("<4sLQL", b"PK\x06\x07", 0, 4, 1) + end
    assert zip_contents(data).why.code == "INTAKE-ZIP-BOMB"


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/etc/passwd", "C:\\x.json", "a/../../b", "..\\up.json", "\\\\host\\x"]
)
def test_a_name_that_leads_out_is_refused(name):
    assert leads_out(name)
    assert list(refused(zip_contents(zipped((name, b"{}")))).values()) == ["INTAKE-ZIP-PATH"]


def test_a_link_is_refused_and_not_followed():
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as box:
        link = zipfile.ZipInfo("link.json")
        link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
        box.writestr(link, "/etc/passwd")
    assert refused(zip_contents(written.getvalue())) == {"link.json": "INTAKE-ZIP-LINK"}


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_members_of_one_name_are_both_refused():
    assert [one.refused for one in zip_contents(zipped(("a", b"1"), ("a", b"2"), ("b", b"3"))).members] == [
        "INTAKE-ZIP-DOUBLE", "INTAKE-ZIP-DOUBLE", "",
    ]  # fmt: skip


def test_a_header_that_says_something_else_than_the_directory_is_refused():
    other = SOUND.replace(b"a.json", b"x.json", 1)
    assert refused(zip_contents(other))["a.json"] == "INTAKE-ZIP-HEADERS"
    crc = patched(SOUND, b"a.json", 14, b"\0\0\0\0", directory=False)
    assert refused(zip_contents(crc))["a.json"] == "INTAKE-ZIP-HEADERS"


def test_bytes_that_changed_are_damaged_and_never_given_out_as_whole():
    at = SOUND.index(b"a.json") + 6
    bent = SOUND[: at + 3] + bytes([SOUND[at + 3] ^ 0xFF]) + SOUND[at + 4 :]
    assert whole(zip_contents(bent)) == {"a.json": None, "b/two.json": b'{"b": 2}' * 50, "c.txt": b"c"}


def test_a_cut_archive_gives_the_members_that_stand_whole():
    contents = zip_contents(SOUND[: SOUND.index(b"c.txt") + 2])
    assert (contents.why.code, contents.why.place) == ("INTAKE-ZIP-BROKEN", f"byte {contents.tail}")
    assert whole(contents) == {"a.json": b'{"a": 1}', "b/two.json": b'{"b": 2}' * 50}


@pytest.mark.parametrize("data", [b"PK\x03\x04", b"PK\x03\x04" + bytes(200), b"PK\x05\x06" + b"\xff" * 30, SOUND[:20]])
def test_what_is_no_archive_but_begins_like_one_is_refused(data):
    assert (zip_contents(data).why.code, zip_contents(data).members) == ("INTAKE-ZIP-BROKEN", [])


def test_an_archive_behind_other_bytes_or_before_them_is_refused():
    for data in (b"PK\x03\x04 something before it" + SOUND, SOUND[:-2] + b"\x04\x00tail of a disk"):
        assert zip_contents(data).why.code == "INTAKE-ZIP-BROKEN"


def test_a_name_in_no_encoding_is_shown_byte_by_byte_and_the_member_read():
    bent = zipped(("odd-.json", b"{}")).replace(b"odd-.json", b"odd\xff.json")
    assert whole(zip_contents(bent)) == {"odd\\xff.json": b"{}"}
    malayalam = zipped(("റിപ്പോർട്ട്.json", b"{}"), ("tab\there", b"{}"))
    assert list(whole(zip_contents(malayalam))) == ["tab\\u0009here", "റിപ്പോർട്ട്.json"]


def test_an_unknown_packing_is_refused_by_member():
    assert refused(zip_contents(zipped(("a", b"a" * 99), method=zipfile.ZIP_LZMA))) == {"a": "INTAKE-ZIP-METHOD"}


def test_documents_of_office_programs_are_no_bundles():
    import xlsxwriter

    written = io.BytesIO()
    with xlsxwriter.Workbook(written) as book:
        book.add_worksheet("Tips")
    docx = zipped(("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<w/>"))
    ods = zipped(("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", b"<x/>"), method=0)
    assert [is_office(data) for data in (written.getvalue(), docx, ods, SOUND)] == [True, True, True, False]
    assert contents_of(ods) is None and contents_of(SOUND) is not None
    assert all(is_office(data[: len(data) // 2]) for data in (written.getvalue(), ods))  # cut, and still no bundle


def test_an_archive_of_some_members_holds_their_bytes_as_they_lay():
    some = [one for one in zip_contents(SOUND).members if one.name != "c.txt"]
    with zipfile.ZipFile(io.BytesIO(archive_of(SOUND, some))) as box:
        assert {name: box.read(name) for name in box.namelist()} == {
            "a.json": b'{"a": 1}',
            "b/two.json": b'{"b": 2}' * 50,
        }


@settings(max_examples=150)
@given(st.integers(0, len(SOUND) - 1), st.binary(min_size=1, max_size=8), st.sampled_from(["bend", "cut", "insert"]))
def test_a_damaged_archive_never_raises_and_never_gives_other_bytes(place, noise, how):
    data = {
        "bend": SOUND[:place] + noise + SOUND[place + len(noise) :],
        "cut": SOUND[:place],
        "insert": SOUND[:place] + noise + SOUND[place:],
    }[how]
    true = {b'{"b": 2}' * 50, b'{"a": 1}', b"c"}
    if may_be_container(data[:16_384]):
        contents = zip_contents(data)
        assert set(whole(contents).values()) <= true | {None, b""}


# ---- e-mails ------------------------------------------------------------------------------------------------------
def mail(*attached, words="Please see the file.") -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "desk@example.com", "unit@example.com", "Referral"
    made["Date"] = "Mon, 05 Jan 2026 10:00:00 +0000"
    made.set_content(words)
    for name, data in attached:
        made.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return made


def test_attachments_are_members_and_the_words_are_for_a_person():
    contents = mail_contents(mail(("a.json", b'{"a": 1}'), ("റിപ്പോർട്ട്.csv", b"x,y\n1,2\n")).as_bytes())
    assert whole(contents) == {"a.json": b'{"a": 1}', "റിപ്പോർട്ട്.csv": b"x,y\n1,2\n"}
    assert len(contents.unread) == 1
    assert contents.kept.splitlines()[contents.unread[0] - 1] == b"Please see the file."
    assert base64.b64encode(b'{"a": 1}') not in contents.kept and b"Subject: Referral" in contents.kept


def test_the_words_are_found_in_what_is_kept_though_an_attachment_stood_before_them():
    made = mail(("a.csv", b"x,y\n" * 400))
    parts = made.get_payload()
    made.set_payload(parts[::-1])
    contents = mail_contents(made.as_bytes())
    assert contents.kept.splitlines()[contents.unread[0] - 1] == b"Please see the file."


def test_an_e_mail_without_attachments_is_kept_as_it_came():
    data = mail().as_bytes()
    assert (mail_contents(data).kept, mail_contents(data).members) == (data, [])


def test_names_missing_double_encoded_or_with_a_path():
    made = mail(("a.json", b"1"), ("a.json", b"2"), ("../../x.csv", b"3"), (None, b"4"))
    assert list(whole(mail_contents(made.as_bytes()))) == ["a.json", "a (2).json", "x.csv", "part 5"]
    old = (b"From: a@example.com\nDate: Mon, 5 Jan 2026 10:00:00 +0000\nMIME-Version: 1.0\n"
           b'Content-Type: application/json; name="=?utf-8?B?4LSu4LSyLmpzb24=?="\n'
           b'Content-Disposition: attachment; filename="=?utf-8?B?4LSu4LSyLmpzb24=?="\n\n{}')  # fmt: skip
    assert list(whole(mail_contents(old))) == ["മല.json"]
    pieces = old.replace(b'filename="=?utf-8?B?4LSu4LSyLmpzb24=?="', b"filename*0*=utf-8''%E0%B4%AE; filename*1=x.json")
    assert list(whole(mail_contents(pieces))) == ["മx.json"]
    nonsense = old.replace(b"=?utf-8?B?4LSu4LSyLmpzb24=?=", b"=?no-such?B?4LSu?=")
    assert len(whole(mail_contents(nonsense))) == 1


@pytest.mark.parametrize(
    "bend", [lambda code: code[:-3], lambda code: code[:8] + b"*" + code[9:], lambda code: code + b"QUJD="]
)
def test_broken_base64_is_refused_and_kept_as_it_came(bend):
    code = base64.b64encode(b'{"reportId": 1, "more": "text"}' * 2)
    data = mail(("a.json", b'{"reportId": 1, "more": "text"}' * 2), ("b.json", b"{}")).as_bytes()
    assert code[:60] in data
    flat = data.replace(code[:76] + b"\n" + code[76:], bend(code)).replace(code, bend(code))
    contents = mail_contents(flat)
    assert refused(contents) == {"a.json": "INTAKE-MAIL-BROKEN", "b.json": ""}
    assert bend(code)[:20] in contents.kept


def test_broken_escapes_are_refused_and_whole_ones_read():
    head = b"From: a@example.com\nTo: b@example.com\nDate: Mon, 5 Jan 2026 10:00:00 +0000\nContent-Type: text/csv; name=a.csv\n"
    head += b"Content-Transfer-Encoding: quoted-printable\n\n"
    assert whole(mail_contents(head + b"a=3Bb=\n c\n")) == {"a.csv": b"a;b c\n"}
    assert refused(mail_contents(head + b"a=3Zb\n")) == {"a.csv": "INTAKE-MAIL-BROKEN"}


def test_winmail_and_encrypted_parts_are_refused_by_name():
    made = mail(("winmail.dat", b"\x78\x9f\x3e\x22 more"), ("a.json", b"{}"))
    made.add_attachment(b"secret", maintype="application", subtype="pkcs7-mime", filename="smime.p7m")
    assert refused(mail_contents(made.as_bytes())) == {
        "winmail.dat": "INTAKE-MAIL-TNEF", "a.json": "", "smime.p7m": "INTAKE-MAIL-ENCRYPTED",
    }  # fmt: skip


def test_a_picture_whose_encoding_is_damaged_is_not_kept_with_the_mail():
    picture = base64.b64encode(b"\xff\xd8\xff\xe0" + b"no picture " * 20)
    made = mail(("x.bin", b"\xff\xd8\xff\xe0" + b"no picture " * 20)).as_bytes()
    bent = made.replace(picture[76:80], b"*!*!")
    assert (
        refused(mail_contents(bent)) == {"x.bin": "INTAKE-MAIL-BROKEN"} and picture[:60] not in mail_contents(bent).kept
    )


def test_an_e_mail_in_an_e_mail_is_a_member_that_can_be_opened_too():
    outer = mail()
    outer.add_attachment(mail(("inner.json", b"{}")))
    (inner,) = mail_contents(outer.as_bytes()).members
    assert whole(mail_contents(b"".join(inner.pieces()))) == {"inner.json": b"{}"}


def test_a_multipart_without_its_boundary_is_refused_by_its_part():
    data = mail(("a.json", b"{}")).as_bytes()
    lost = data.replace(b"boundary=", b"bound=")
    assert refused(mail_contents(lost)) == {"part 1": "INTAKE-MAIL-BROKEN"}


def test_a_cut_e_mail_gives_the_attachments_before_the_cut_and_not_the_last():
    data = mail(("a.csv", b"x,y\n1,2\n"), ("b.csv", b"address\n192.0.2.17\n" * 9)).as_bytes()
    contents = mail_contents(data[: data.rindex(b"\n--") - 8])
    assert (contents.why.code, whole(contents)) == ("INTAKE-MAIL-BROKEN", {"a.csv": b"x,y\n1,2\n", "b.csv": None})


def test_multiparts_nested_without_end_stop():
    data = b"From: a@example.com\nDate: x\nMIME-Version: 1.0\n"
    for depth in range(3000):
        data += b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (depth, depth)
    assert len(mail_contents(data).members) <= 1


def test_a_mailbox_is_taken_into_its_e_mails():
    one, two = mail(("a.json", b"1")).as_bytes(), mail(("b.json", b"2")).as_bytes()
    box = b"From desk@example.com Mon Jan  5 10:00:00 2026\n" + one + b"\n\nFrom x@example.com Mon Jan  5 2026\n" + two
    contents = contents_of(box)
    assert (contents.reader, [member.name for member in contents.members]) == (
        "mbox/1",
        ["message 1.eml", "message 2.eml"],
    )
    assert list(whole(mail_contents(b"".join(contents.members[1].pieces())))) == ["b.json"]


@pytest.mark.parametrize("data", [
    b'{"reportId": 1}', b"From,To,Date\n1,2,3\n", b"Dear officer,\nFrom: me\n", b"REFERRALS 1\n", b"", b"From: x\n",
    b"Date: a;From: b\n1;2\n",
])  # fmt: skip
def test_other_texts_are_no_e_mail(data):
    assert not is_mail(data) and contents_of(data) is None


MAIL = mail(("a.json", b'{"a": 1}' * 30), ("b.csv", b"x,y\n1,2\n")).as_bytes()


@settings(max_examples=150)
@given(st.integers(0, len(MAIL) - 1), st.binary(min_size=1, max_size=6), st.sampled_from(["bend", "cut", "insert"]))
def test_a_damaged_e_mail_never_raises(place, noise, how):
    data = {
        "bend": MAIL[:place] + noise + MAIL[place + len(noise) :],
        "cut": MAIL[:place],
        "insert": MAIL[:place] + noise + MAIL[place:],
    }[how]
    contents = mail_contents(data)
    assert zlib.crc32(contents.kept) >= 0 and all(isinstance(name, str) for name in whole(contents))
