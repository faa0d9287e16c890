"""Tabs inside a piece of HTML: one panel is shown, the arrow keys go from tab to tab."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.page.escape import in_html


@dataclass(frozen=True, slots=True)
class Sheet:
    """A tab and its panel, in HTML; `data` is told to the server when the tab is chosen."""

    name: str
    heading: str
    inner: str
    data: tuple[tuple[str, str], ...] = ()


def tablist(sheets: Sequence[Sheet], *, label: str, key: str, chosen: str) -> str:
    """The tabs over their panels; ids begin with `key`. The page's script does the switching."""
    tabs = "".join(_tab(sheet, key, sheet.name == chosen) for sheet in sheets)
    panels = "".join(_panel(sheet, key, sheet.name == chosen) for sheet in sheets)
    return f'<div class="tablist" role="tablist" aria-label="{in_html(label)}">{tabs}</div>{panels}'


def tab_id(key: str, name: str) -> str:
    """The element of a tab."""
    return f"{key}-tab-{name}"


def _tab(sheet: Sheet, key: str, chosen: bool) -> str:
    data = "".join(f' data-{name}="{in_html(value)}"' for name, value in sheet.data)
    return (
        f'<button type="button" role="tab" id="{tab_id(key, sheet.name)}" '
        f'aria-controls="{key}-sheet-{sheet.name}" aria-selected="{str(chosen).lower()}" '
        f'tabindex="{0 if chosen else -1}"{data}>{in_html(sheet.heading)}</button>'
    )


def _panel(sheet: Sheet, key: str, chosen: bool) -> str:
    return (
        f'<div role="tabpanel" id="{key}-sheet-{sheet.name}" tabindex="0" '
        f'aria-labelledby="{tab_id(key, sheet.name)}"{"" if chosen else " hidden"}>'
        f"{sheet.inner}</div>"
    )
