"""Takes the README's pictures, from a demo of its own: `.venv/bin/python tests/docs/take_pictures.py`.

What it writes to docs/pictures is committed. The demo is as new, so a later run changes nothing but the days.
"""

import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import APIRequestContext, Browser, ViewportSize, sync_playwright

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
CHROMIUMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
PHONE, DESKTOP = ViewportSize(width=412, height=915), ViewportSize(width=1024, height=740)
SAVINGS = "demo-2"
CONTRACTS: tuple[tuple[str, dict[str, str], str], ...] = (
    ("oshee", {"customer_code": "TR0.A0000000000000"}, "Shtëpia"),
    ("oshee", {"customer_code": "TR0.B0000000000000"}, "Vila"),
    ("ukt", {"contract_number": "1000002"}, "Uji i vilës"),
    ("digitalb", {"contract_number": "1000002"}, "Televizori"),
    ("gjobat", {"kind": "vehicle", "plate": "AA456BB", "chassis": "TEST0000000000002"}, "Makina"),
)
PAID = (("oshee", "000000004"), ("ukt", "U-000000003"), ("gjobat", "000000201"))
"""What was paid before the pictures are taken; the invoice of the first contract is about to be."""


@contextmanager
def demo() -> Iterator[str]:
    """A demo in a folder that goes with it; yields its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="fat-") as folder:
        command = [str(Path(sys.executable).parent / "faturat"), "demo", "--port", str(port)]
        running = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True)
        assert running.stdout is not None
        assert any("Ctrl-C" in line for line in running.stdout), "the demo starts"
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            running.send_signal(signal.SIGINT)
            running.wait(60)


class Customer:
    """The demo's customer, by the API."""

    def __init__(self, requests: APIRequestContext) -> None:
        self._requests = requests
        self._headers: dict[str, str] = {}
        token = self.send("POST", "tokens", username="demo", password="faturat-demo")["token"]
        self._headers["Authorization"] = f"Bearer {token}"

    def send(self, method: str, path: str, key: str = "", **data: Any) -> Any:
        headers = self._headers | ({"Idempotency-Key": key} if key else {})
        answer = self._requests.fetch(f"/api/v1/{path}", method=method, headers=headers, data=data or None)
        assert answer.ok, f"{path}: {answer.text()}"
        return answer.json()


def furnish(customer: Customer) -> dict[str, str]:
    """Contracts and some payments; returns the addresses of what is to be seen, by the picture's name."""
    contracts = {
        name: customer.send("POST", "contracts", biller=biller, reference=reference, name=name)["id"]
        for biller, reference, name in CONTRACTS
    }
    invoices = {(each["biller"], each["number"]): each for each in customer.send("GET", "invoices")["items"]}
    for place in PAID:
        invoice, total = invoices[place]["id"], invoices[place]["total"]
        customer.send("POST", "payments", key="-".join(place), invoice=invoice, account=SAVINGS, amount=total)
    shown = invoices["oshee", "000000001"]["id"]
    terms = f"llogaria={SAVINGS}&fatura=2100&muaji=5000&dite=3&shiko=1"
    return {
        "home": "/faturat",
        "invoice": f"/faturat/fatura/{shown}",
        "spending": "/shpenzimet",
        "autopay": f"/faturat/kontrata/{contracts['Uji i vilës']}/urdheri?{terms}",
    }


def take(browser: Browser, url: str) -> None:
    context = browser.new_context(base_url=url, locale="sq-AL", service_workers="block")
    addresses = furnish(Customer(context.request))
    page = context.new_page()
    page.goto("/hyr")
    page.locator("#emri").fill("demo")
    page.locator("#fjalekalimi").fill("faturat-demo")
    page.locator("main button").click()
    page.wait_for_url("**/faturat")
    for name, address in addresses.items():
        page.set_viewport_size(PHONE if name in ("home", "invoice") else DESKTOP)
        page.goto(address)
        page.screenshot(path=PICTURES / f"{name}.png")


def main() -> None:
    executable = next(filter(None, map(shutil.which, CHROMIUMS)), None)
    with demo() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        take(browser, url)
        browser.close()


if __name__ == "__main__":
    main()
