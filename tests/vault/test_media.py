"""Media by content. The heads are written by hand from the formats' published signatures."""

import pytest

from paricha.vault.media import is_media, media_type_of

MEDIA = [
    (b"\xff\xd8\xff\xe0\0\x10JFIF", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "image/png"),
    (b"GIF89a\1\0\1\0", "image/gif"),
    (b"RIFF\x24\0\0\0WEBPVP8 ", "image/webp"),
    (b"RIFF\x24\0\0\0AVI LIST", "video/x-msvideo"),
    (b"RIFF\x24\0\0\0WAVEfmt ", "audio/wav"),
    (b"\0\0\0\x18ftypheic\0\0\0\0", "image/heif"),
    (b"\0\0\0\x20ftypisom\0\0\2\0", "video/mp4"),
    (b"\0\0\0\x14ftypqt  ", "video/mp4"),
    (b"\x1aE\xdf\xa3\x9fB\x86\x81", "video/webm"),
    (b"ID3\x03\0\0\0\0\0\x21", "audio/mpeg"),
    (b"\xff\xfb\x90\x64\0\0", "audio/mpeg"),
    (b"\xff\xf1\x50\x80\x02\x1f", "audio/mpeg"),
    (b"BM\x36\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\1\0\0\0", "image/bmp"),
    (b"II*\0\x08\0\0\0", "image/tiff"),
    ((b"\x47" + bytes(187)) * 5, "video/mp2t"),
    (b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml"),
    (b"fLaC\0\0\0\x22", "audio/flac"),
    (b"\0\0\x01\xba\x44", "video/mpeg"),
]
NOT_MEDIA = [
    b'{"reportedInformation": {}}',
    b"\xef\xbb\xbfIP Address,Port\n198.51.100.7,443\n",
    "Row,പേര്\n1,അനില\n".encode(),
    b"\xff\xfeR\0o\0w\0",  # UTF-16 with its mark looks like a frame of sound
    b"PK\x03\x04\x14\0\x06\0",
    b"%PDF-1.7\n",
    b"ID3 numbers of the district\n",
    b"BM, the station, reports\nand more of it\n",
    b"name,address\nRen\xe9,198.51.100.9\n",  # Latin-1
    b"",
]


@pytest.mark.parametrize(("head", "kind"), MEDIA)
def test_media_is_known_by_its_first_bytes_whatever_its_name(head, kind):
    assert media_type_of(head) == kind
    assert is_media(head, "report.json")


@pytest.mark.parametrize("head", NOT_MEDIA)
def test_text_sheets_and_papers_are_not_media_whatever_their_name(head):
    assert not is_media(head, "holiday.jpg" if media_type_of(head) else "report.json")


def test_bytes_that_say_nothing_are_taken_for_media_only_under_a_name_of_media():
    noise = b"\x01\x02\x03\0\x04" * 9
    assert is_media(noise, "A.JPG")
    assert not is_media(noise, "a.dat")
