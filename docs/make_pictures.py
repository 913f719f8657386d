"""The pictures of real pages in README.md and the docs: `python docs/make_pictures.py [REPORTS]`, after `make report`.

Needs Chromium (`apt-get install chromium`); each picture is the top of a page at the width of an A4 sheet or a telephone.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

PICTURES = Path(__file__).parent / "pictures"
PAGES = {  # picture -> page below the reports, width and height in CSS pixels
    "front": ("index.html", 900, 1000),
    "profile": ("nordlys-dk/index.html", 900, 1480),
    "drivers": ("nordlys-dk/05_explain_drivers.html", 900, 1300),
    "telephone": ("nordlys-se/index.html", 390, 844),
}


def take(chromium: str, page: Path, picture: Path, width: int, height: int) -> None:
    with tempfile.TemporaryDirectory() as profile:
        rootless = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
        subprocess.run([chromium, "--headless", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
                        "--disable-sync", "--no-first-run", "--hide-scrollbars", *rootless, f"--user-data-dir={profile}",
                        f"--window-size={width},{height}", f"--screenshot={picture}", page.resolve().as_uri()],
                       check=True, stderr=subprocess.DEVNULL, timeout=120)


def main() -> None:
    reports = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parents[1] / "reports")
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    missing = [page for page, _width, _height in PAGES.values() if not (reports / page).exists()]
    if chromium is None or missing:
        sys.exit(f"Not taken: {'Chromium is not installed' if chromium is None else ', '.join(missing) + ' is not there: run make report'}.")
    PICTURES.mkdir(exist_ok=True)
    for name, (page, width, height) in PAGES.items():
        take(chromium, reports / page, PICTURES / f"{name}.png", width, height)
        print(PICTURES / f"{name}.png")


if __name__ == "__main__":
    main()
