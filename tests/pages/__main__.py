"""Write the pages: `python -m pages` in tests/."""

from __future__ import annotations

from pages import DOCS, PAGES

for name, page in PAGES.items():
    (DOCS / name).write_text(page(), encoding="utf-8")
