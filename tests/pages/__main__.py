"""Write the pages: `python -m pages` in tests/."""

from __future__ import annotations

from pages import DOCS, PAGES, README, STUB, manual, readme, stub

for name, page in PAGES.items():
    (DOCS / name).write_text(page(), encoding="utf-8")
STUB.write_text(stub.page(), encoding="utf-8")
(DOCS / "frechet.1").write_text(manual.page(), encoding="utf-8")
README.write_text(readme.refreshed(README.read_text(encoding="utf-8")), encoding="utf-8")
