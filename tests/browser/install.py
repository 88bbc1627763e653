"""Find Chromium, or install it: `python -m tests.browser.install`."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.support.packages import install

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def chromium() -> Path | None:
    """A Chromium on this machine: the system's, else the one that Playwright has installed; None if there is none."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found:
        return Path(found)
    with sync_playwright() as playwright:
        bundled = Path(playwright.chromium.executable_path)
    return bundled if bundled.is_file() else None


def main() -> int:
    """Install Chromium where there is none: from Debian's packages, else as Playwright does."""
    if chromium() is not None:
        return 0
    install("chromium")
    if chromium() is None:
        subprocess.run([sys.executable, "-m", "playwright", "install", "--with-deps", "chromium"], check=False)
    if chromium() is None:
        print("The browser tests need Chromium, and it could not be installed: install it and run make test again.")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
