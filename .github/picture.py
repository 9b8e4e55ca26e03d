"""Draw the README's picture: a section of the built book, as page and as slide.

python3 scripts/course.py build
.venv/bin/python .github/picture.py
"""

from __future__ import annotations

import base64
import sys
from pathlib import Path

from playwright.sync_api import Browser, ViewportSize, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

from coursebook import browser as chromium  # noqa: E402 - found through the line above
from coursebook.agreement.hosting import host  # noqa: E402
from coursebook.paths import SLIDES, Tree  # noqa: E402

CHAPTER, SECTION = "foundations/startup.html", "a-walk-along-doors"
PICTURE = ROOT / ".github" / "picture.png"

FRAME = """
<style>
  body { margin: 0; width: 1600px; height: 820px; position: relative; overflow: hidden;
         background: #dfe8e9; }
  img { position: absolute; border-radius: 10px; box-shadow: 0 10px 36px rgb(20 40 50 / .26); }
  #page { left: 40px; top: 40px; height: 740px; }
  #deck { right: 40px; top: 173px; width: 844px; }
</style>
<img id="page" src="data:image/png;base64,{page}"><img id="deck" src="data:image/png;base64,{deck}">
"""


def photograph(browser: Browser, address: str, width: int, height: int) -> str:
    """Take a picture of an address, and return it in base64."""
    size: ViewportSize = {"width": width, "height": height}
    page = browser.new_page(viewport=size, reduced_motion="reduce")
    page.goto(address, wait_until="networkidle")
    page.evaluate("document.fonts.ready")
    page.mouse.move(2, height / 2)
    shot = page.screenshot(animations="disabled")
    page.close()
    return base64.b64encode(shot).decode()


def main() -> None:
    """Photograph both renderings and put the pictures side by side."""
    with host(Tree(ROOT).site) as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium.require(), args=list(chromium.ARGUMENTS)
        )
        page = photograph(browser, f"{site.address}{CHAPTER}#{SECTION}", 820, 920)
        deck = photograph(browser, f"{site.address}{SLIDES}/{CHAPTER}#/{SECTION}", 1280, 720)
        frame = browser.new_page(viewport={"width": 1600, "height": 820})
        frame.set_content(FRAME.replace("{page}", page).replace("{deck}", deck))
        frame.screenshot(path=PICTURE)
        browser.close()
    print(f"{PICTURE.relative_to(ROOT)}: {PICTURE.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
