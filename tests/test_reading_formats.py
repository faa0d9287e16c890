"""Reading formats: each file gives the words of its article and only what it states of itself."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from rag.errors import ReadError
from rag.reading import File, Reading, read, read_file
from rag.reading.halves import joined
from rag.reading.packages import package
from rag.reading.pages import parsed

PARAGRAPHS = [
    f"On day {day} of the works the bridge over the Skarn stayed shut, said mayor Tomas Velde, and "
    f"the ferry carried {day * 40} passengers between the two towns."
    for day in range(2, 8)
]
STATED = """<script type="application/ld+json">
{"@graph": [{"@type": "WebSite", "name": "x"}, {"@type": ["NewsArticle"],
 "headline": "Bridge opens &amp; closes", "datePublished": "2024-03-04T23:30:00-05:00",
 "dateModified": "2024-03-06", "inLanguage": "en-GB",
 "author": [{"@type": "Person", "name": "Ines Calder"}, {"name": "Leo Marsh"}],
 "publisher": {"name": "Harbour Herald"}}]}</script>
<link rel="canonical" href="https://herald.example/bridge">"""
TAGGED = """<meta property="og:title" content="Bridge opens">
<meta property="og:site_name" content="Harbour Herald">
<meta name="author" content="By Ines Calder">
<meta property="article:published_time" content="2024-03-04T10:00:00Z">
<meta property="og:url" content="https://herald.example/bridge">"""


def page(head: str = "", body: str = "") -> bytes:
    """A web page with an article in it."""
    article = "".join(f"<p>{words}</p>" for words in PARAGRAPHS)
    return (
        f'<!doctype html><html lang="en"><head><title>Page</title>{head}</head><body>'
        f"<nav><a href='/'>Home</a> <a href='/sport'>Sport</a></nav>"
        f"<article><h1>Bridge opens</h1>{article}{body}</article></body></html>"
    ).encode()


def pdf(*lines: str) -> bytes:
    """A PDF of one page with these lines, made in 2020 by its own account."""
    shown = b"".join(b"(%s) Tj T*\n" % line.encode() for line in lines)
    stream = b"BT /F1 12 Tf 72 720 Td 14 TL\n" + shown + b"ET"
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R"
        b"/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        b"<</Title(Bridge opens)/Author(Ines Calder)/CreationDate(D:20200101)>>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + (
        b"xref\n0 7\n0000000000 65535 f \n%strailer<</Size 7/Root 1 0 R/Info 6 0 R>>\n"
        b"startxref\n%d\n%%%%EOF" % (table, len(out))
    )


def docx(*paragraphs: str, title: str = "") -> bytes:
    """A Word document."""
    document = package("docx").Document()
    document.core_properties.title = title
    document.core_properties.author = "Ines Calder"
    for words in paragraphs:
        document.add_paragraph(words)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


MAIL = (
    b'From: "Ines Calder" <ines@herald.example>\r\nTo: desk@herald.example\r\n'
    b"Subject: =?utf-8?q?Br=C3=BCcke?= opens\r\nDate: Mon, 4 Mar 2024 23:30:00 -0500\r\n"
    b"Message-ID: <1@herald.example>\r\nMIME-Version: 1.0\r\n"
    b'Content-Type: multipart/alternative; boundary="b"\r\n\r\n'
    b"--b\r\nContent-Type: text/plain; charset=iso-8859-1\r\n\r\nThe caf\xe9 is open.\r\n"
    b"--b\r\nContent-Type: text/html\r\n\r\n<p>Other words.</p>\r\n--b--\r\n"
)
FEED = b"""<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>
<title>Harbour Herald</title><language>en</language>
<item><title>Bridge &amp;amp; ferry</title><link>https://herald.example/1</link>
<pubDate>Mon, 04 Mar 2024 23:30:00 -0500</pubDate>
<description>&lt;p&gt;The bridge is &lt;b&gt;open&lt;/b&gt;.&lt;/p&gt;
&lt;p&gt;Two.&lt;/p&gt;</description>
</item><item><title>Nothing</title></item></channel></rss>"""
TABLE = b'Headline;Body;Outlet;Date\nA;"The bridge\nis open";Herald;2024-03-04\nB;;x;y\nC;3;H;\n'


def zipped(files: Mapping[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return stream.getvalue()


def tarred(files: Mapping[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return stream.getvalue()


def found(name: str, data: bytes) -> list[Reading | ReadError]:
    return list(read_file(File.of_bytes(name, data)))


def only(name: str, data: bytes) -> Reading:
    """The one reading of a file."""
    (reading,) = found(name, data)
    assert isinstance(reading, Reading), reading
    return reading


def test_a_page_gives_its_article_alone() -> None:
    """Menus, notices, links to other stories and the headline stay out of the text."""
    around = (
        "<p>Related: <a href='/x'>Another story about the bridge</a></p>"
        "<p>Follow us on Twitter.</p><p>© 2024 Harbour Herald. All rights reserved.</p>"
        "<div class='comments'><p>What a bridge, says a reader.</p></div>"
    )

    text = only("a.html", page(STATED, around)).text

    assert text == "\n\n".join(PARAGRAPHS)


def test_a_sentence_that_begins_like_a_notice_stays() -> None:
    """Copyright, topics and shares are also news."""
    news = [
        "Copyright law was changed on Monday, said the minister, after ten years of talks.",
        "Topics discussed by the council included the bridge and the ferry to the island.",
        "Related companies must pay the tax too, the court held, from the first of May on.",
    ]

    text = only("a.html", page(body="".join(f"<p>{words}</p>" for words in news))).text

    assert all(words in text for words in news)


def cut(*blocks: list[str], between: str = "") -> bytes:
    """A page whose article is cut into blocks of one class."""
    parts = ("".join(f"<p>{words}</p>" for words in block) for block in blocks)
    body = between.join(f"<div class='body'>{part}</div>" for part in parts)
    return f"<html><body><main><h1>Bridge</h1>{body}</main></body></html>".encode()


def test_an_article_cut_in_two_is_made_whole() -> None:
    """What stands after an advertisement belongs to the article too."""
    tree = parsed(cut(PARAGRAPHS[:3], PARAGRAPHS[3:], between="<aside>Buy!</aside>").decode())

    assert joined(tree, "\n".join(PARAGRAPHS[:3]))
    assert [len(block) for block in tree.iter("div")] == [6, 0]


def test_another_article_on_the_page_stays_another() -> None:
    """A block after the next headline is not joined to the first."""
    next_one = "<h1>Ferry</h1>"
    tree = parsed(cut(PARAGRAPHS[:3], PARAGRAPHS[3:], between=next_one).decode())

    assert not joined(tree, "\n".join(PARAGRAPHS[:3]))


@pytest.mark.parametrize("head", [STATED, TAGGED])
def test_a_page_states_its_card(head: str) -> None:
    """JSON-LD and meta tags give the card; a time is the day in the zone it is written in."""
    reading = only("a.html", page(head))

    assert reading.published == date(2024, 3, 4)
    assert (reading.publisher, reading.url) == ("Harbour Herald", "https://herald.example/bridge")
    assert (reading.title or "").startswith("Bridge opens")
    assert (reading.author or "").startswith("Ines Calder")


def test_the_linked_data_goes_before_the_tags() -> None:
    """Where both state something, the article's own statement counts, entities resolved."""
    reading = only("a.html", page(TAGGED + STATED))

    assert (reading.title, reading.author) == ("Bridge opens & closes", "Ines Calder, Leo Marsh")
    assert (reading.modified, reading.language) == (date(2024, 3, 6), "en-GB")


def test_a_page_without_a_date_stays_undated() -> None:
    """A copyright year, a date in a sentence and an address with a date are no publication date."""
    head = "<link rel='canonical' href='https://herald.example/2021/05/06/bridge'>"

    reading = only("a.html", page(head, "<p>It opened on 3 May 2019.</p><p>© 2024</p>"))

    assert reading.published is None


@pytest.mark.parametrize(
    "mark",
    [
        "<time datetime='2024-03-04T10:00'>on Monday</time>",
        "<span itemprop='dateCreated datePublished' content='2024-03-04'>on Monday</span>",
        "<p>4 March 2024</p>",
    ],
)
def test_a_page_is_dated_by_its_own_marks(mark: str) -> None:
    """A marked time, or a date alone under the headline, dates a page that states nothing."""
    data = page().replace(b"</h1>", b"</h1>" + mark.encode())

    assert only("a.html", data).published == date(2024, 3, 4)


@pytest.mark.parametrize("broken", ["{", "[" * 5_000, '{"@type": "NewsArticle", "author": [[1]]}'])
def test_broken_linked_data_costs_the_card_alone(broken: str) -> None:
    """Statements that cannot be read are as if unsaid."""
    head = f"<script type='application/ld+json'>{broken}</script>"

    reading = only("a.html", page(head))

    assert (reading.text, reading.author) == ("\n\n".join(PARAGRAPHS), None)


def test_a_small_page_is_read_whole() -> None:
    """A page too short to have an article gives the words that it shows."""
    reading = only("a.htm", b"<p>The bridge is open.</p><script>x()</script>")

    assert reading.text == "The bridge is open."


def test_a_declared_encoding_is_believed() -> None:
    """A page's own statement of its encoding decodes it."""
    head = '<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">'
    data = page(head, "<p>Мост через реку снова открыт, сказал мэр города.</p>").decode()

    assert "Мост через реку" in only("a.html", data.encode("cp1251")).text


def test_a_pdf_is_dated_by_its_words() -> None:
    """Wrapped lines are joined, and the day the file was made dates nothing."""
    reading = only("a.pdf", pdf("4 March 2024", "The bridge is open", "after a long clo-", "sure."))

    assert reading.text == "4 March 2024\n\nThe bridge is open after a long closure."
    assert (reading.title, reading.author) == ("Bridge opens", "Ines Calder")
    assert reading.published == date(2024, 3, 4)
    assert only("a.pdf", pdf("The bridge is open.")).published is None


def test_a_pdf_of_pictures_says_so() -> None:
    """A PDF without words is told as what it probably is."""
    (error,) = found("a.pdf", pdf())

    assert str(error) == "a.pdf: holds no text; it may be scanned"


def test_a_word_document_gives_its_paragraphs() -> None:
    """Paragraphs in order; the stated title and author; the day of typing dates nothing."""
    reading = only("a.docx", docx("One.", "Two.", title="Bridge opens"))

    assert reading == Reading("One.\n\nTwo.", title="Bridge opens", author="Ines Calder")


def test_a_mail_is_an_article() -> None:
    """The plain words go before the HTML ones; subject, sender and day are the card."""
    reading = only("a.eml", MAIL)

    assert (reading.text, reading.title) == ("The café is open.", "Brücke opens")
    assert (reading.author, reading.published) == ("Ines Calder", date(2024, 3, 4))
    assert reading.id == "<1@herald.example>"


def test_a_feed_gives_its_items() -> None:
    """An item with words is an article; one without costs itself alone."""
    first, second = found("a.xml", FEED)

    assert isinstance(first, Reading)
    assert (first.text, first.title) == ("The bridge is open.\n\nTwo.", "Bridge & ferry")
    assert (first.publisher, first.published) == ("Harbour Herald", date(2024, 3, 4))
    assert (first.url, first.line) == ("https://herald.example/1", 1)
    assert "a.xml:2: the item holds no text" in str(second)


def test_other_xml_is_no_feed() -> None:
    """XML that is neither RSS nor Atom is told as that."""
    (error,) = found("a.xml", b"<?xml version='1.0'?><inventory><item/></inventory>")

    assert "neither RSS nor Atom" in str(error)


def test_a_table_gives_its_rows() -> None:
    """Columns are known by their usual names, cells may hold lines, and rows know their line."""
    first, second, third = found("a.csv", TABLE)

    assert isinstance(first, Reading) and isinstance(third, Reading)
    assert (first.text, first.title, first.publisher) == ("The bridge\nis open", "A", "Herald")
    assert (first.published, first.line, third.line) == (date(2024, 3, 4), 2, 5)
    assert "a.csv:4: has no `text`" in str(second)


def test_columns_can_be_named(tmp_path: Path) -> None:
    """A table whose columns have other names is read by a map of them."""
    path = tmp_path / "a.tsv"
    path.write_text("Wer\tWas\nHerald\tDie Brücke.\n", encoding="utf-8")

    (reading,) = read(path, columns={"Was": "text", "Wer": "publisher"})

    assert isinstance(reading, Reading)
    assert (reading.text, reading.publisher) == ("Die Brücke.", "Herald")


def test_a_table_without_a_text_names_its_columns() -> None:
    """Columns that nobody knows are named, with those that were looked for."""
    (error,) = found("a.csv", b"who,what\nx,y\n")

    assert "who, what" in str(error) and "text, body" in str(error)


def test_a_parquet_file_gives_its_rows() -> None:
    """Rows are articles as in any table; dates may be dates."""
    pytest.importorskip("pyarrow", reason="an extra: pip install 'dateline[parquet]'")
    columns = {"body": ["One.", None], "date": [date(2024, 3, 4), None]}
    stream = io.BytesIO()
    table = package("pyarrow", extra="parquet").table(columns)
    package("pyarrow.parquet", extra="parquet").write_table(table, stream)

    first, second = found("a.parquet", stream.getvalue())

    assert first == Reading("One.", published=date(2024, 3, 4), line=1)
    assert "has no `text`" in str(second)


@pytest.mark.parametrize(("name", "packed"), [("a.zip", zipped), ("a.tar.gz", tarred)])
def test_an_archive_gives_the_articles_of_its_files(name: str, packed: object) -> None:
    """Members are read by their endings and know their place; others are passed by."""
    assert callable(packed)
    files = {"news/a.txt": b"One.", "b.pdf": pdf("Two."), "c.png": b"\x89PNG", "d.csv": TABLE}

    readings = [each for each in found(name, packed(files)) if isinstance(each, Reading)]

    assert [each.member for each in readings] == ["news/a.txt", "b.pdf", "d.csv", "d.csv"]
    assert [each.text for each in readings[:2]] == ["One.", "Two."]


@pytest.mark.parametrize("member", ["../out.txt", "/etc/out.txt", "..\\out.txt", "a/../../out.txt"])
@pytest.mark.parametrize(("name", "packed"), [("a.zip", zipped), ("a.tar.gz", tarred)])
def test_no_name_leads_out_of_an_archive(name: str, packed: object, member: str) -> None:
    """A member whose name climbs out is refused, and the next is read."""
    assert callable(packed)

    first, second = found(name, packed({member: b"Out.", "in.txt": b"In."}))

    assert "leads out of the archive" in str(first)
    assert isinstance(second, Reading)


def test_an_archive_inside_an_archive_is_told() -> None:
    """Archives are unpacked once."""
    (error,) = found("a.zip", zipped({"b.zip": zipped({"c.txt": b"C."})}))

    assert "inside an archive" in str(error)


def test_an_archive_of_nothing_is_told() -> None:
    """An archive in which nothing can be read is an error, not silence."""
    (error,) = found("a.zip", zipped({"b.png": b"x"}))

    assert "holds no file that is read" in str(error)


def test_a_packed_file_is_read_as_it_unpacks() -> None:
    """`.jsonl.gz` is the JSON lines in it."""
    first, second = found("a.jsonl.gz", gzip.compress(b'{"text": "One."}\n{"text": "Two."}\n'))

    assert [getattr(each, "text", each) for each in (first, second)] == ["One.", "Two."]


def test_a_missing_package_names_the_command() -> None:
    """A format whose package is not installed says what to run."""
    with pytest.raises(ReadError, match=r"pip install 'dateline\[parquet\]' -c constraints.txt"):
        package("no_such_package_here.inner", extra="parquet")
