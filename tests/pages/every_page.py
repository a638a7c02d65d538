"""Every page that can be looked at: where it is, once a customer has paid, waited, been refused and heard of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from litestar import Router
from litestar.routes import HTTPRoute
from operators_kit import AMOUNT, CODE
from pages_kit import Site

from faturat import PaymentState
from faturat.clock import company_day
from faturat.payments.several import Chosen
from faturat.testing.books import IssuedInvoice
from faturat.testing.cases import Case
from faturat_oshee.simulator import OVERDUE_CONTRACT
from faturat_server.channels.signing import new_secret
from faturat_server.channels.tables import ChannelRow
from faturat_server.pages.routes import ROUTES
from faturat_server.push.deliveries import Failure, log_delivery
from faturat_server.push.tables import DeviceRow

NO_PAGES = {
    "/": "leads on",
    "/manifest.webmanifest": "for browsers",
    "/offline.js": "a script",
    "/static/{name:str}": "files",
    "/pagesat/csv": "a file",
    "/pagesat/{payment:str}/gjendja": "for a script",
    "/pagesat/{payment:str}/mandati.pdf": "a file",
    "/operatori/krahasimet/{reconciliation:str}/csv": "a file",
    "/operatori/krahasimet/{reconciliation:str}/json": "a file",
}
"""What is got from the server and is not looked at."""
LONG_NAME = "Apartamenti i prindërve në Rrugën e Kavajës, kati i tretë"


def page_routes() -> set[str]:
    """The paths of all that pages GET, as the app has them."""
    return {path for router in ROUTES for path in _get_paths(router)} - set(NO_PAGES)


def _get_paths(router: Router) -> Iterable[str]:
    for route in router.routes:
        if isinstance(route, HTTPRoute) and "GET" in route.methods:
            yield route.path


@dataclass
class Places:
    """The addresses of all pages, by who looks at them: (route, address), a route more than once by how it stands."""

    receipt: str
    """The address of a receipt, which leads to its check."""
    nobody: list[tuple[str, str]]
    customer: list[tuple[str, str]]
    operator: list[tuple[str, str]]

    def routes(self) -> set[str]:
        return {route for each in (self.nobody, self.customer, self.operator) for route, _ in each}


async def furnish(site: Site) -> Places:
    """A customer with two contracts, paid, refused and waiting payments, a notice; an operator with work to do."""
    faturat, company = site.faturat, site.company
    assert company is not None
    home = await faturat.contracts.register("demo", "oshee", None, {"customer_code": CODE}, "Shtëpia")
    flat = await faturat.contracts.register("demo", "oshee", None, {"customer_code": OVERDUE_CONTRACT}, LONG_NAME)
    today = company_day(site.clock.now())
    for number in range(10, 17):
        issued = IssuedInvoice(
            key=f"{number:09d}",
            contract=OVERDUE_CONTRACT,
            number=f"{number:09d}",
            issued_on=today - timedelta(days=number),
            due_on=today + timedelta(days=number - 12),
            amount=1_234_567_00 if number == 10 else number * 100_00,
        )
        company.books.add_invoice(issued)
    await faturat.invoices.refresh_all("oshee", [flat.contract])
    ids = {each.invoice.number: each.id for each in await faturat.invoices.of("demo", limit=100)}
    await faturat.several.pay(
        "demo", [Chosen(ids["000000001"], AMOUNT), Chosen(ids["000000016"], 1_600_00)], "demo-2", "bashke"
    )
    paid, questioned = sorted(await faturat.payments.of("demo"), key=lambda each: each.order.invoice_key)
    refused = await faturat.payments.pay("demo", ids["000000015"], "demo-1", 1_500_00, "k1")
    company.fault("error_500_after_debit")
    unknown = await faturat.payments.pay("demo", ids["000000014"], "demo-2", 1_400_00, "k2")
    tomorrow, later = today + timedelta(days=1), ids["000000013"]
    planned = await faturat.payments.schedule("demo", later, "demo-2", 1_300_00, "k3", tomorrow, 1_300_00)
    states = [each.state for each in (paid, questioned, refused, unknown)]
    assert states == [PaymentState.PAID, PaymentState.PAID, PaymentState.DECLINED, PaymentState.UNKNOWN]
    case = await faturat.operators.open_case("operator", questioned.id, "kompania e ktheu pagesën")
    company.fault("other_amount")
    company.fault("extra_row")
    made = await faturat.reconciliation.run("oshee", today)
    found = await faturat.invoices.look_up("demo", "oshee", None, {"customer_code": OVERDUE_CONTRACT})
    gone = await _removed(site)
    await _device_and_channel(site)
    contract, invoice = home.contract.id, ids["000000003"]
    chosen = f"fatura={ids['000000003']}&fatura={ids['000000012']}"
    confirmed = f"fatura={ids['000000001']}&fatura={ids['000000016']}&fatura={ids['000000003']}"
    return Places(
        receipt=f"/pagesat/{paid.id}/mandati",
        nobody=[
            ("/hyr", "/hyr"),
            ("/ekrani", "/ekrani"),
            ("/verifiko/{code:str}", "/verifiko/nobody"),
            ("/pa-lidhje", "/pa-lidhje"),
        ],
        customer=[
            ("/pagesa", "/pagesa"),
            ("/faturat", "/faturat"),
            ("/faturat/kompania/{biller:str}", "/faturat/kompania/oshee"),
            ("/faturat/papaguara", "/faturat/papaguara"),
            ("/faturat/papaguara", "/faturat/papaguara?kerko=asgje&kompania=nobody"),
            ("/faturat/regjistro", "/faturat/regjistro"),
            ("/faturat/regjistro/{biller:str}", "/faturat/regjistro/oshee"),
            ("/faturat/kontrata/{contract:str}", f"/faturat/kontrata/{contract}"),
            ("/faturat/kontrata/{contract:str}", f"/faturat/kontrata/{flat.contract.id}"),
            ("/faturat/kontrata/{contract:str}/krijuar", f"/faturat/kontrata/{flat.contract.id}/krijuar"),
            ("/faturat/kontrata/{contract:str}/hiq", f"/faturat/kontrata/{contract}/hiq"),
            ("/faturat/kontrata/{contract:str}/hequr", f"/faturat/kontrata/{gone}/hequr"),
            ("/faturat/fatura/{invoice:str}", f"/faturat/fatura/{invoice}"),
            ("/faturat/fatura/{invoice:str}", f"/faturat/fatura/{ids['000000001']}"),
            ("/faturat/fatura/{invoice:str}", "/faturat/fatura/inv_0"),
            (
                "/faturat/fatura/{invoice:str}/konfirmo",
                f"/faturat/fatura/{invoice}/konfirmo?llogaria=demo-2&shuma=2420.50",
            ),
            ("/faturat/fatura/{invoice:str}", f"/faturat/fatura/{later}"),
            ("/faturat/fatura/{invoice:str}/me-vone", f"/faturat/fatura/{ids['000000015']}/me-vone"),
            ("/faturat/kontrata/{contract:str}/urdheri", f"/faturat/kontrata/{flat.contract.id}/urdheri"),
            (
                "/faturat/kontrata/{contract:str}/urdheri",
                f"/faturat/kontrata/{flat.contract.id}/urdheri?llogaria=demo-2&fatura=2000&muaji=5000&dite=3&shiko=1",
            ),
            ("/faturat/urdherat/{payment:str}/kapercej", f"/faturat/urdherat/{planned.id}/kapercej"),
            ("/faturat/zgjedhura", f"/faturat/zgjedhura?{chosen}"),
            ("/faturat/zgjedhura", "/faturat/zgjedhura"),
            ("/pagesat/bashke", f"/pagesat/bashke?celesi=bashke&{confirmed}"),
            ("/pagesat", "/pagesat"),
            ("/pagesat", "/pagesat?muaji=2026-13"),
            ("/shpenzimet", "/shpenzimet"),
            ("/pagesat/{payment:str}", f"/pagesat/{paid.id}"),
            ("/pagesat/{payment:str}", f"/pagesat/{refused.id}"),
            ("/pagesat/{payment:str}", f"/pagesat/{unknown.id}"),
            ("/pagesat/{payment:str}/mandati", f"/pagesat/{paid.id}/mandati"),
            ("/pagesat/{payment:str}", f"/pagesat/{planned.id}"),
            ("/njoftimet", "/njoftimet"),
            ("/njoftimet/cilesimet", "/njoftimet/cilesimet"),
            ("/njoftimet/pajisjet/{device:str}", "/njoftimet/pajisjet/dev_1"),
            ("/njoftimet/kanalet", "/njoftimet/kanalet"),
            ("/njoftimet/kanalet/shto/{kind:str}", "/njoftimet/kanalet/shto/webhook"),
            ("/njoftimet/kanalet/shto/{kind:str}", "/njoftimet/kanalet/shto/ntfy"),
            ("/njoftimet/kanalet/shto/{kind:str}", "/njoftimet/kanalet/shto/mail"),
            ("/njoftimet/kanalet/shto/{kind:str}", "/njoftimet/kanalet/shto/sms"),
            ("/njoftimet/kanalet/shto/{kind:str}", "/njoftimet/kanalet/shto/telegram"),
            ("/njoftimet/kanalet/shto/{kind:str}/kodi/{code:str}", "/njoftimet/kanalet/shto/sms/kodi/cod_1"),
            ("/njoftimet/kanalet/{channel:str}", "/njoftimet/kanalet/chn_1"),
            ("/faturat/kopja", "/faturat/kopja"),
            ("/paguaj/{biller:str}", "/paguaj/oshee"),
            (
                "/paguaj/{biller:str}/faturat",
                f"/paguaj/oshee/faturat?gjetur={','.join(each.id for each in found.quotes[:4])}",
            ),
        ],
        operator=[
            ("/operatori", "/operatori"),
            ("/operatori/pagesat", "/operatori/pagesat"),
            ("/operatori/pagesat", "/operatori/pagesat?mosha=dje"),
            ("/operatori/pagesat/{payment:str}", f"/operatori/pagesat/{unknown.id}"),
            ("/operatori/pagesat/{payment:str}", f"/operatori/pagesat/{questioned.id}"),
            ("/operatori/rastet", "/operatori/rastet"),
            ("/operatori/rastet/{case:str}", f"/operatori/rastet/{case.id}"),
            ("/operatori/krahasimet", "/operatori/krahasimet"),
            ("/operatori/krahasimet/{reconciliation:str}", f"/operatori/krahasimet/{made.id}"),
            ("/operatori/veprimet", "/operatori/veprimet"),
        ],
    )


async def _device_and_channel(site: Site) -> None:
    """A device that one notice reached and another did not, and a webhook."""
    now = site.clock.now()
    endpoint = "https://fcm.googleapis.com/fcm/send/x"
    await DeviceRow.insert(
        DeviceRow(id="dev_1", customer="demo", username="demo", endpoint=endpoint, p256dh="", auth="", created_at=now)
    )
    await ChannelRow.insert(
        ChannelRow(
            id="chn_1",
            customer="demo",
            username="demo",
            kind="webhook",
            address=f"https://program.example/{'njoftimet' * 20}",
            secret=new_secret(),
            created_at=now,
        )
    )
    await log_delivery("chn_1", "not_1", "invoice_due", Failure.PRIVATE, now)
    await log_delivery("dev_1", "not_1", "invoice_new", None, now)
    for _ in range(2):
        await log_delivery("dev_1", "not_2", "payment_settled", Failure.NOT_TAKEN, now)


async def _removed(site: Site) -> str:
    """The id of a contract that was just taken away."""
    assert site.company is not None
    reference = site.company.case_reference(Case.NO_DEBTS)
    made = await site.faturat.contracts.register("demo", "oshee", reference.kind, dict(reference.values), "Dyqani")
    await site.faturat.contracts.remove("demo", made.contract.id)
    return made.contract.id
