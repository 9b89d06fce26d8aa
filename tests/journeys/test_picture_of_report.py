"""The picture of the demonstration's annual report on the first page of the repository, made when asked for."""

import os
from pathlib import Path

import pytest
from playwright.async_api import Browser

from tests.support.journeys.demonstration import get
from tests.support.system import System

PICTURE = Path(__file__).parents[2] / "docs" / "pictures" / "annual-report.png"
WIDTH, AROUND = 900, 16


@pytest.mark.skipif("PICTURES" not in os.environ, reason="Pictures are made anew with PICTURES=1.")
async def test_picture_for_the_first_page(system: System, browser: Browser) -> None:
    (report, _) = get(system, "/v1/reports?kind=annual&state=published").json()["items"]
    context = await browser.new_context(viewport={"width": WIDTH, "height": 1000}, java_script_enabled=False)
    page = await context.new_page()
    await page.set_content(get(system, f"/v1/reports/{report['reference']}/document.html").text)
    first = await page.locator("#section-care").bounding_box()
    last = await page.locator("#section-care ~ details").first.bounding_box()
    assert first is not None and last is not None
    top, bottom = first["y"], last["y"] + last["height"] + AROUND
    await page.screenshot(path=PICTURE, full_page=True, clip={"x": 0, "y": top, "width": WIDTH, "height": bottom - top})
    await context.close()
