"""Written documents: front matter in three forms, forwarded mail, tracked Word, feeds of many."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from email.message import EmailMessage

import pytest
from test_reading_formats import docx, found, only, page, pdf

from rag.errors import ReadError

DAY = date(2024, 3, 4)
WORDS = "The bridge is open."


@pytest.mark.parametrize(
    "matter",
    [
        "---\ntitle: Bridge\npublishDate: 2024-03-04\nauthor: {name: Ines}\n"
        "lastmod: 2024-05-05\n---\n",
        '+++\ntitle = "Bridge"\ndate = 2024-03-04T10:00:00Z\nauthor = "Ines"\n'
        "lastmod = 2024-05-05\n+++\n",
        '{"title": "Bridge", "date": "2024-03-04", "author": "Ines", "updated": "2024-05-05"}\n\n',
    ],
)
def test_front_matter_comes_in_three_forms(matter: str) -> None:
    """YAML, TOML and JSON state the same card."""
    reading = only("a.md", (matter + WORDS).encode())

    assert (reading.text, reading.title, reading.author) == (WORDS, "Bridge", "Ines")
    assert (reading.published, reading.modified) == (DAY, date(2024, 5, 5))


@pytest.mark.parametrize("text", ["{x} is open.", '{"a": 1} is open.', "+++\nThe bridge is open."])
def test_words_that_begin_like_front_matter_are_words(text: str) -> None:
    """An object without a card and a lone fence stay in the text."""
    assert only("a.md", text.encode()).text == text


def test_broken_toml_is_an_error_of_its_file() -> None:
    """The fence closes, what lies in it does not read."""
    (error,) = found("a.md", b"+++\ntitle = \n+++\nx")

    assert isinstance(error, ReadError)
    assert str(error).startswith("a.md: the front matter is not valid TOML")


def test_a_heading_may_be_underlined() -> None:
    """Both ways to write a first heading give the title."""
    assert only("a.md", f"Bridge\n======\n\n{WORDS}".encode()).title == "Bridge"


def test_links_give_their_words_and_pictures_none() -> None:
    """What a link leads to is no word of the article; brackets of a quotation stay."""
    marked = "![A view](v.png)\n\nThe [bridge](https://h.example 'x') is [sic] open (again)."

    assert only("a.md", marked.encode()).text == "The bridge is [sic] open (again)."


def forwarding(subject: str, text: str) -> EmailMessage:
    """A mail of the desk."""
    mail = EmailMessage()
    mail["Subject"], mail["From"] = subject, "Desk <desk@herald.example>"
    mail["Date"] = "Fri, 8 Mar 2024 10:00:00 +0000"
    mail.set_content(text)
    return mail


INSIDE = (
    "See below.\n\n---------- Forwarded message ---------\nFrom: Ines Calder <ines@h.example>\n"
    f"Date: Mon, 4 Mar 2024 at 18:03\nSubject: Bridge opens\nTo: <desk@h.example>\n\n{WORDS}\n"
)


def test_of_a_mail_passed_on_the_one_inside_is_the_article() -> None:
    """Its words, author and day are not those of who passed it on."""
    reading = only("a.eml", forwarding("Fwd: Bridge opens", INSIDE).as_bytes())

    assert (reading.text, reading.title, reading.author) == (WORDS, "Bridge opens", "Ines Calder")
    assert reading.published == DAY


def test_a_reply_is_its_own_article() -> None:
    """Mail that only quotes another is not taken for it."""
    reading = only("a.eml", forwarding("Re: Bridge opens", INSIDE).as_bytes())

    assert reading.text.startswith("See below.")
    assert (reading.author, reading.published) == ("Desk", date(2024, 3, 8))


def test_a_mail_that_carries_another_gives_that() -> None:
    """A message attached whole is read where the mail around it says nothing."""
    inner = forwarding("Bridge opens", WORDS)
    inner.replace_header("Date", "Mon, 4 Mar 2024 10:00:00 +0000")
    outer = forwarding("Fwd: Bridge opens", "")
    outer.add_attachment(inner)

    reading = only("a.eml", outer.as_bytes())

    assert (reading.text, reading.published) == (WORDS, DAY)


def rewritten(document: bytes, old: bytes, new: bytes) -> bytes:
    """A Word document with other markup in its body."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(document)) as source, zipfile.ZipFile(stream, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            target.writestr(name, data.replace(old, new) if name == "word/document.xml" else data)
    return stream.getvalue()


def test_words_that_were_inserted_under_tracking_are_read() -> None:
    """Insertions belong to the text before anybody accepts them; deletions do not."""
    tracked = (
        b"</w:t></w:r><w:ins w:id='1' w:author='e'><w:r><w:t> again</w:t></w:r></w:ins>"
        b"<w:del w:id='2' w:author='e'><w:r><w:delText> never</w:delText></w:r></w:del><w:r><w:t>."
    )

    document = rewritten(docx("The bridge is open."), b".</w:t>", tracked + b"</w:t>")

    assert only("a.docx", document).text == "The bridge is open again."


def test_words_in_a_form_s_field_are_read() -> None:
    """Paragraphs that a template wraps are paragraphs."""
    wrapped = rewritten(docx("The bridge is open."), b"<w:p>", b"<w:sdt><w:sdtContent><w:p>")
    wrapped = rewritten(wrapped, b"</w:p>", b"</w:p></w:sdtContent></w:sdt>")

    assert only("a.docx", wrapped).text == "The bridge is open."


def test_a_file_name_is_no_title_of_a_pdf() -> None:
    """What a program wrote where nobody gave a title is left out."""
    named = pdf(WORDS).replace(b"(Bridge opens)", b"(bridge1.html)")

    assert only("a.pdf", named).title is None


ATOM = b"""<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Herald</title>
<entry><title>Bridge</title><id>urn:1</id><author><name>Ines</name></author>
<author><name>Leo</name></author><summary type="html">&lt;p&gt;The bridge is open.&lt;/p&gt;
&lt;p&gt;The post &lt;a href='x'&gt;Bridge&lt;/a&gt; appeared first on Herald.&lt;/p&gt;</summary>
</entry></feed>"""


def test_an_item_names_all_its_authors_and_itself() -> None:
    """Without an address its own id tells it again; the feed's footer is no text."""
    reading = only("a.atom", ATOM)

    assert (reading.author, reading.id, reading.text) == ("Ines, Leo", "urn:1", WORDS)


GERMAN = (
    "Der Stadtrat hat am Dienstag beschlossen, die Brücke über die Skarn wieder zu öffnen. Gegner"
    " sagten, der Lärm störe die Anwohner. Die Arbeiten sollen im September enden, erklärte der"
    " Bürgermeister am Abend vor zahlreichen Zuhörern im Rathaus. Die Kosten von vier Millionen"
    " Euro trägt zur Hälfte das Land, die andere Hälfte bringen beide Gemeinden auf. Eine Fähre"
    " bringt die Schulkinder bis dahin jeden Morgen ans andere Ufer und am Nachmittag zurück, ohne"
    " dass die Familien dafür zahlen müssen."
)
KOREAN = (
    "시의회는 화요일 스카른강 다리를 다시 열기로 의결했다. 공사는 9월에 끝날 예정이다. 반대하는"
    " 주민들은 소음이 심해질 것이라고 말했다. 시장은 여객선 운항을 계속하겠다고 밝혔다. 비용의"
    " 절반은 중앙 정부가 부담하고 나머지는 두 지방 자치 단체가 나누어 낸다. 학생들은 그때까지 매일"
    " 아침 배를 타고 강을 건너며 요금은 내지 않는다고 시청은 설명했다. 다리는 지난겨울 홍수로"
    " 교각 두 개가 부서져 다섯 달 동안 닫혀 있었다."
)


@pytest.mark.parametrize(("text", "code"), [(GERMAN, "de"), (KOREAN, "ko")])
def test_a_language_is_told_by_the_words(text: str, code: str) -> None:
    """Where nothing states it; what is stated is believed."""
    assert only("a.txt", text.encode()).language == code
    assert only("a.html", page("", f"<p>{text}</p>")).language == "en"


@pytest.mark.parametrize(
    ("marked", "words"),
    [
        ("**Will you?** Yes.", "Will you? Yes."),
        ("It is *very* _long_, ***really***.", "It is very long, really."),
        ("- **Upper Skarn**, a town", "- Upper Skarn, a town"),
        ("3 * 4 * 5 is 60", "3 * 4 * 5 is 60"),
        ("snake_case_name and __init__x", "snake_case_name and __init__x"),
        ("a * lone star", "a * lone star"),
        ("**over\nlines**", "**over\nlines**"),
    ],
)
def test_marks_that_stress_words_are_no_words(marked: str, words: str) -> None:
    """Stars and underscores around words are taken off; those that stand for themselves stay."""
    assert only("a.md", marked.encode()).text == words


def test_an_address_is_no_title_of_a_pdf() -> None:
    """What a browser writes for a page without a title is none."""
    printed = pdf(WORDS).replace(b"(Bridge opens)", b"(about:blank) ")

    assert only("a.pdf", printed).title is None
