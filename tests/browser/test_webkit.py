"""The canvas in WebKit, the engine of Safari: one draws, and the network reads."""

import subprocess

import pytest

from kernels.patience import factor
from tools.jupyter import READY, SECONDS

from .conftest import SETUP, ZERO, installed

pytest.importorskip("selenium", reason="WebKit is driven on Linux only")

from selenium import webdriver
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait
from selenium.webdriver.webkitgtk.service import Service


@pytest.fixture
def screen(monkeypatch):
    """A screen that nobody sees; WebKit's small browser must have one."""
    command = [installed("screen", "Xvfb"), "-displayfd", "1", "-screen", "0", "1280x1000x24"]
    pipe, nothing = subprocess.PIPE, subprocess.DEVNULL
    with subprocess.Popen([*command, "-nolisten", "tcp"], stdout=pipe, stderr=nothing) as process:
        monkeypatch.setenv("DISPLAY", f":{process.stdout.readline().decode().strip()}")
        yield
        process.terminate()


@pytest.fixture
def webkit(screen):
    driver = webdriver.WebKitGTK(service=Service(installed("webkit", "WebKitWebDriver")))
    yield driver
    driver.quit()


def test_one_draws_and_the_network_reads(webkit, lab):
    lab.write("pad.ipynb", [SETUP, "pad"])
    webkit.get(lab.address("pad.ipynb"))
    wait = WebDriverWait(webkit, SECONDS * factor())
    wait.until(lambda page: page.execute_script(f"return ({READY})()"))
    webkit.execute_script("void window.jupyterapp.commands.execute('notebook:run-all-cells')")
    pad = wait.until(lambda page: page.find_element(By.CSS_SELECTOR, ".digit-canvas"))
    verdict, ink = (pad.find_element(By.CSS_SELECTOR, part) for part in (".verdict", ".ink"))
    wait.until(lambda _: verdict.text == "Draw a digit.")
    size = ink.size
    # From the middle of the canvas, as Selenium counts.
    spots = [((x - 0.5) * size["width"], (y - 0.5) * size["height"]) for x, y in ZERO]
    hand = ActionChains(webkit, duration=0).move_to_element_with_offset(ink, *map(int, spots[0]))
    hand.click_and_hold()
    for x, y in spots[1:]:
        hand.move_to_element_with_offset(ink, int(x), int(y))
    hand.release().perform()
    wait.until(lambda _: verdict.text.startswith("0, "))
