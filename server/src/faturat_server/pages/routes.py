"""The routes of the pages."""

from litestar import Router

from faturat_server.access.middleware import require_customer, require_operator, require_user
from faturat_server.pages import (
    autopay,
    bills,
    contracts,
    history,
    home_screen,
    invoices,
    later,
    login,
    look_up,
    notice_settings,
    notices,
    offline,
    operator_cases,
    operator_payment,
    operator_reconciliations,
    operators,
    payments,
    receipts,
    registration,
    several,
    several_paid,
    spending,
    statics,
    unpaid,
)

_open_to_all = Router(
    "/",
    route_handlers=[
        login.login_form,
        login.log_in,
        login.log_out,
        login.choose_language,
        receipts.check,
        home_screen.add_to_screen,
    ],
    include_in_schema=False,
)

_for_users = Router("/", route_handlers=[bills.front], guards=[require_user], include_in_schema=False)

_for_customers = Router(
    "/",
    route_handlers=[
        bills.pay_menu,
        bills.my_bills,
        bills.company,
        bills.refresh,
        unpaid.unpaid,
        registration.choose_company,
        registration.registration,
        registration.register,
        registration.registered,
        contracts.contract_details,
        contracts.rename,
        contracts.ask_remove,
        contracts.remove,
        contracts.removed,
        contracts.restore,
        autopay.autopay_form,
        autopay.set_autopay,
        autopay.stop_autopay,
        autopay.ask_skip,
        autopay.skip,
        invoices.invoice_card,
        invoices.confirm,
        invoices.pay,
        later.pay_later,
        later.schedule,
        later.cancel,
        history.history,
        history.history_csv,
        spending.spending,
        several.chosen_invoices,
        several.pay_chosen,
        several_paid.several_paid,
        payments.payment_result,
        payments.payment_state,
        receipts.receipt,
        receipts.receipt_file,
        notices.notices,
        notice_settings.notice_settings,
        notice_settings.choose,
        notice_settings.add_device,
        notice_settings.remove_device,
        notice_settings.test_device,
        offline.copy,
        look_up.look_up_form,
        look_up.look_up,
        look_up.found_invoices,
    ],
    guards=[require_customer],
    include_in_schema=False,
)

_for_operators = Router(
    "/",
    route_handlers=[
        operators.overview,
        operators.payment_list,
        operators.deeds,
        operator_payment.payment_page,
        operator_payment.ask,
        operator_payment.confirm,
        operator_payment.decide,
        operator_payment.open_case,
        operator_cases.case_list,
        operator_cases.case_page,
        operator_cases.close_case,
        operator_reconciliations.reconciliation_list,
        operator_reconciliations.reconcile,
        operator_reconciliations.reconciliation_page,
        operator_reconciliations.reconciliation_csv,
        operator_reconciliations.reconciliation_json,
    ],
    guards=[require_operator],
    include_in_schema=False,
)

_the_same_for_all = Router(
    "/",
    route_handlers=[statics.static_file, home_screen.manifest, offline.worker, offline.no_connection],
    opt={"exclude_from_auth": True, "exclude_from_csrf": True},
    include_in_schema=False,
)

ROUTES = (_open_to_all, _for_users, _for_customers, _for_operators, _the_same_for_all)
