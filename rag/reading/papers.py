"""Whether words are the name of a paper, an agency or a station."""

from __future__ import annotations

import re

# What they call themselves, as a word or as the end of one; of other names it is not known.
_KINDS = re.compile(
    r"""\b(?:
      advertiser | bulletin | chronicle | courier | daily | dispatch | echo | examiner | gazette
      | herald | inquirer | journal | magazine | mercury | monitor | news | newswire | observer
      | post | press | radio | recorder | register | review | sentinel | standard | telegraph
      | times | tribune | weekly | wire
      | allgemeine | anzeiger | bote | kurier | nachrichten | presse | rundschau
      | courrier | d[ée]p[êe]che | quotidien | correo | diario | gaceta | noticias | peri[óo]dico
      | corriere | gazzetta | giornale | correio | folha | jornal
    )\b | (?:blatt|zeitung)\b | (?:일보|신문|뉴스|방송|통신)$""",
    re.I | re.X,
)
# No name of a paper is longer, and none is a sentence.
_MOST_WORDS, _LONGEST = 6, 60
_SENTENCE = re.compile(r"[:;!?\"“”„]|[.,]$|[.,]\s")
_SMALL = frozenset("and at der des die du de del della for für le la les of on the und".split())


def is_paper(words: str) -> bool:
    """Whether all of these words are a paper's name; one that tells its kind is known."""
    parts = words.split()
    if len(words) > _LONGEST or len(parts) > _MOST_WORDS or _SENTENCE.search(words):
        return False
    large = all(not part[0].islower() for part in parts if part not in _SMALL)
    return large and _KINDS.search(words) is not None
