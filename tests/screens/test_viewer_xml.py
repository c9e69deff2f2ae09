"""The XML viewer marks the node of an XPath, shows nothing dangerous, resolves nothing, and survives files that lie."""

import html
import re
import time
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from paricha.screens import places, viewer, viewer_xml

MARK = re.compile(r'<mark id="at">(.*?)</mark>', re.S)
BOOK = """<?xml version="1.0"?>
<e:all xmlns:e="urn:e" xmlns="urn:d">
 <e:item n="1"><report><name>one</name></report></e:item>
 <e:item n="2"><report><name>two &amp; &#3333; more</name><name kind="a&lt;b">three</name><viral/></report></e:item>
</e:all>"""


def plain(markup: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", markup))


def marked(shown) -> str:
    """The text inside the mark."""
    found = MARK.search(str(shown.html))
    return plain(found[1]) if found else ""


def at(path: str, data: str | bytes = BOOK):
    return viewer.show(data if isinstance(data, bytes) else data.encode(), {"kind": "xpath", "at": path})


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("/e:all/e:item[1]/*[1]/*[1]", "one"),
        ("/e:all/e:item[2]/*[1]/*[1]", "two & അ more"),
        ("/e:all/e:item[2]/*[1]/*[2]", "three"),
        ("/e:all/e:item[2]/*[1]/*[2]/@kind", "a<b"),
        ("/e:all/*[2]/@n", "2"),
        ("/e:all/e:item[2]/*[1]/*[3]", "<viral/>"),
        ("/e:all/e:item[2]/*[1]", "<report>"),
        ("/*[1]", '<e:all xmlns:e="urn:e" xmlns="urn:d">'),
    ],
)
def test_the_node_of_a_place_is_marked(path, text):
    shown = at(path)
    assert (shown.form, shown.found, marked(shown), shown.note) == ("xml", True, text, "")
    assert str(shown.html).count('id="at"') == 1


@pytest.mark.parametrize(
    "path", ["/e:all/e:item[3]", "/all", "/x:all", "/e:all/e:item[2]/*[1]/*[9]", "nonsense", "//name"]
)
def test_a_place_that_is_not_there_is_said_and_nothing_is_marked(path):
    shown = at(path)
    assert (shown.found, marked(shown)) == (False, "") and "was not found" in shown.note


NAMES = st.sampled_from(["a", "b", "p:a", "p:b", "c"])
TEXTS = st.text(
    alphabet=st.characters(min_codepoint=33, max_codepoint=0x2FF, exclude_categories=["Cc", "Cf", "Zs"]),
    min_size=1,
    max_size=8,
)
TREES = st.recursive(
    st.tuples(NAMES, TEXTS.map(lambda text: [text])),
    lambda inner: st.tuples(NAMES, st.lists(inner, min_size=1, max_size=4)),
    max_leaves=14,
)


def written(tree) -> str:
    name, inner = tree
    return f"<{name}>{''.join(escape(one) if isinstance(one, str) else written(one) for one in inner)}</{name}>"


@given(st.lists(TREES, min_size=1, max_size=3), st.booleans())
@settings(max_examples=60, deadline=None)
def test_every_leaf_is_marked_where_an_outside_parser_says_it_stands(trees, spaced):
    inner = ("\n" if spaced else "").join(map(written, trees))
    data = f'<r xmlns:p="urn:p">{inner}</r>'
    tree = etree.fromstring(data).getroottree()
    for leaf in [one for one in tree.iter() if not len(one)][:6]:
        assert marked(at(tree.getpath(leaf), data)) == leaf.text


def test_markup_in_values_names_and_attributes_stays_text():
    shown = str(
        at(
            "/a/b", '<a><b k="&lt;script&gt;x">&lt;script&gt;alert(1)&lt;/script&gt;<![CDATA[<img src=x>]]></b></a>'
        ).html
    )
    assert "<script" not in shown and "<img" not in shown
    assert marked(at("/a/b", "<a><b>&lt;i&gt;<![CDATA[ & <i>]]></b></a>")) == "<i> & <i>"


def test_entities_of_the_file_are_shown_as_they_are_called_and_expand_to_nothing():
    bomb = '<!DOCTYPE a [<!ENTITY x "y"><!ENTITY f SYSTEM "file:///etc/passwd">]><a><b>&x;&f;</b></a>'
    shown = at("/a/b", bomb)
    assert (marked(shown), "root:" in str(shown.html)) == ("&x;&f;", False)


def test_marks_that_turn_the_direction_are_written_out():
    assert "⟦U+202E⟧" in marked(at("/a", "<a>x\u202egpj.exe</a>"))


def test_utf16_a_mark_and_malayalam_are_shown():
    for data in (BOOK.encode("utf-16"), b"\xef\xbb\xbf" + BOOK.encode()):
        assert marked(at("/e:all/e:item[2]/*[1]/*[1]", data)) == "two & അ more"


def test_unread_places_are_outlined():
    data = b"<a><b>1</b><b>2</b><c k='v'/></a>"
    unread = [{"kind": "xpath", "at": "/a/b[2]"}, {"kind": "xpath", "at": "/a/c/@k"}]
    shown = str(viewer.show(data, {"kind": "xpath", "at": "/a/b[1]"}, unread=unread).html)
    assert [plain(one) for one in re.findall(r'<mark class="unread">(.*?)</mark>', shown)] == ["2", "v"]
    assert MARK.search(shown)


@pytest.mark.parametrize("data", ["<a><b>one</b><b>tw", "<a><b>one</b></c>", "<a><b>one</b><b k='", "<a><b>one</b>"])
def test_a_torn_file_is_shown_up_to_the_tear(data):
    shown = at("/a/b[1]", data)
    assert marked(shown) == "one" and "tears here" in str(shown.html)


def test_nesting_without_end_is_shown_to_a_depth():
    shown = at("/a", "<a>" * 100_000)
    assert "too deeply" in str(shown.html) and shown.found


def test_the_last_of_very_many_reports_is_shown_quickly_and_alone():
    one = '<p:report xmlns:q="urn:q"><p:number>{}</p:number><p:text>' + "x" * 400 + "</p:text></p:report>"
    data = ('<p:all xmlns:p="urn:p">' + "".join(one.format(n) for n in range(20_000)) + "</p:all>").encode()
    assert len(data) > 4 * viewer_xml.WHOLE
    for path in ("/p:all/p:report[19999]/p:number", "/p:all/*[19999]/p:number[1]"):
        started = time.process_time()
        shown = at(path, data)
        assert time.process_time() - started < 5
        assert (marked(shown), len(str(shown.html)) < 20_000) == ("19998", True)
        assert "above is not shown" in str(shown.html)


def test_a_long_file_is_cut_around_the_place():
    data = "<a>" + "".join(f"<b>{n}</b>" for n in range(3_000)) + "</a>"
    shown = at("/a/b[1500]", data)
    assert (marked(shown), str(shown.html).count("<li") < 900) == ("1499", True)
    assert "above is not shown" in str(shown.html) and "below is not shown" in str(shown.html)


def test_without_a_place_the_first_lines_are_shown_and_a_page_stays_text():
    assert viewer.show(BOOK.encode()).form == "xml"
    assert viewer.show(b"<!DOCTYPE html><html><body>x</body></html>").form == "text"


def test_a_place_is_told_in_words_and_beside_a_value_by_its_end():
    long = {"kind": "xpath", "at": "/exchange/report[1]/personOrUserReported[1]/ipCaptureEvent[2]/port"}
    assert places.words(long) == f"XML {long['at']}"
    assert places.short_words(long) == "XML …/ipCaptureEvent[2]/port"
    assert places.short_words({"kind": "xpath", "at": "/report/reportId"}) == "XML /report/reportId"


def test_a_file_of_quotes_and_brackets_takes_no_time():
    started = time.process_time()
    for odd in (
        "<!DOCTYPE a " + '"' * 50_001,
        "<a " + 'b="' * 20_000,
        "<" * 50_000,
        "<!--" * 20_000,
        "<a" + " x" * 50_000,
        "&" * 50_000,
    ):
        assert at("/a", odd).form == "xml"
    assert time.process_time() - started < 5


@given(st.text(alphabet="<>/ab=\"'!-[]?& \n", max_size=80), st.text(alphabet="/ab[]12@*:", max_size=12))
@settings(max_examples=150, deadline=None)
def test_nothing_is_raised_on_any_content_or_place(text, path):
    at(path, "<a" + text)
