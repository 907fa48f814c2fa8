"""Take the README's screenshots from the running app, so that they stay true: ``make screenshots``."""

from __future__ import annotations

from atlas_server import ROOT, AtlasServer
from chromium import FLAGS, find
from playwright.sync_api import sync_playwright

FOLDER = ROOT / "docs" / "screenshots"
DESK, HALL, PHONE = (1366, 768), (1920, 1080), (390, 844)
SCENES = {
    "map": ("/", HALL),
    "clusters": ("/?layer=cluster&cluster=C1,C4&cluster_op=all&county=620702", DESK),
    "tiles": ("/?layer=energy&map=tile", DESK),
    "panels": ("/?layer=cluster&map=panels&theme=dark", HALL),
    "roads-dark": ("/?layer=road&theme=dark", DESK),
    "english": ("/?layer=population&lang=en", DESK),
    "progress": ("/progress", DESK),
    "overlap": ("/overlap", HALL),
    "county": ("/county/620922", DESK),
    "prefecture": ("/prefecture/620900", HALL),
    "meeting": ("/meeting/ready#5", HALL),
    "meeting-dark": ("/meeting/ready?theme=dark#25", HALL),
    "phone": ("/?county=620922", PHONE),
}


def main() -> None:
    """Write one PNG a scene to docs/screenshots/."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    server = AtlasServer().wait()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=FLAGS)
        for name, (path, (width, height)) in SCENES.items():
            page = browser.new_page(viewport={"width": width, "height": height})
            page.set_default_timeout(90_000)  # a ready deck is all of the atlas's findings, made at once
            page.goto(server.url + path)
            page.wait_for_selector("#map-stage #county-map", state="attached")
            page.wait_for_selector("#filter-sentence:not(:empty)", state="attached")
            page.wait_for_load_state("networkidle")
            page.wait_for_timeout(500)
            page.screenshot(path=FOLDER / f"{name}.png")
            page.close()
        browser.close()
    server.stop()


if __name__ == "__main__":
    main()
