"""The page's texts in Korean, by their English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

# Plurals are by `{number} articles`; what stands in braces is filled in.
KOREAN: Final[Mapping[str, str]] = {
    "Cited ({count})": "인용됨 ({count})",
    "Found, not cited ({count})": "찾았지만 인용하지 않음 ({count})",
    "Articles": "기사",
    "{articles} of {publishers}": "{publishers}의 {articles}",
    "{number} articles": "기사 {number}건",
    "{number} passages": "단락 {number}개",
    "{number} publishers": "언론사 {number}곳",
    "date unknown": "날짜 미상",
    "Ask": "질문하기",
    "Your question": "질문",
}
