"""What one seed's world is like: which faults and features are on, and how often (swarm testing)."""

from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

from faturat import Capabilities

FAULTS = {
    "refused": 0.2,  # the connection was refused, nothing left
    "refused_after": 0.2,  # the same error, but after bytes had left
    "lost_request": 0.2,
    "lost_reply": 0.2,
    "error_before": 0.2,  # an error of any kind instead of the effect
    "error_after": 0.2,  # an error of any kind after the effect
    "late_request": 0.2,  # arrives after the caller gave up
    "slow_reply": 0.2,
    "repeated": 0.3,  # delivered twice
    "corrupt": 0.2,  # a reply of a wrong type, amount, order or size
    "stall_in_call": 0.2,  # whoever pays a company stands still, and wakes to its reply and its own time-out
    "store_before": 0.02,  # the database fails before the commit
    "store_after": 0.02,  # or after it, its answer lost
    "store_slow": 0.1,
    "stall": 0.03,  # a process stands still just before a commit, often for longer than its leases
    "crash_before": 0.03,  # a process dies just before a commit
    "crash_after": 0.03,
}
"""Each kind with the most often that it happens, by request or by step of the store."""
ACCIDENTS = ("crash", "pause", "company_down", "bank_down", "paid_elsewhere", "amount_changes", "refuses", "cut_file")
CHANGES = ("payment_changed", "invoice_changed")
DAY = 86_400.0


@dataclass(frozen=True)
class CompanyTraits:
    """What a company of this seed can do, and its manners."""

    name: str
    able: Capabilities
    checks_invoice: bool = True
    """Refuses an order for an invoice that is not open; else it books whatever comes."""
    says_already_paid: bool = False
    """Answers a repeated order with "already paid"."""
    shows_booked: bool = False
    """Lists what it booked with the order's id."""
    status_lag: float = 0.0
    """Seconds for which its inquiry does not see an order that it has."""
    latest_arrival: float = 3600.0
    """Seconds after which a request that was sent does not arrive any more."""


@dataclass
class Swarm:
    rates: dict[str, float]
    accidents: dict[str, float]
    companies: list[CompanyTraits]
    webs: int
    workers: int
    skew: float
    """Seconds by which clocks of processes differ at most."""
    hold_lives: timedelta
    short_holds: float
    """How often the bank lets a hold end too early for the company."""
    listens: frozenset[str]
    """The hooks that the notifier has."""
    refuses_capture: float
    ill_fated: float
    """The part of all orders that every fault of this seed happens to."""
    pace: float
    """How fast time passes between two steps."""
    eager: bool
    """Workers look for payments every few seconds, as they do in a bank; else only in steps of their own."""
    weights: dict[str, float] = field(default_factory=dict)


def draw_swarm(random: Random) -> Swarm:
    calm = random.random() < 0.05

    def rates(most: dict[str, float]) -> dict[str, float]:
        return {
            name: 0.0 if calm or random.random() < 0.45 else rate * 10 ** -(1.3 * random.random())
            for name, rate in most.items()
        }

    companies = [_draw_company(random, f"co{number}") for number in range(random.randint(1, 3))]
    longest = max(each.able.settles_later or timedelta() for each in companies)
    return Swarm(
        rates=rates(FAULTS),
        accidents=rates(dict.fromkeys(ACCIDENTS, 1.0)),
        companies=companies,
        webs=random.randint(1, 2),
        workers=random.randint(1, 3),
        skew=random.choice((0.0, 0.5, 3.0)),
        hold_lives=longest + timedelta(days=random.choice((4, 6, 30))),
        short_holds=random.choice((0.0, 0.0, 0.2)),
        listens=frozenset({"deliver_notice", *(hook for hook in CHANGES if random.random() < 0.5)}),
        refuses_capture=random.choice((0.0, 0.0, 0.0, 0.2)),
        ill_fated=random.choice((0.0, 0.3)),
        pace=random.choice((0.3, 1.0, 1.0, 3.0)),
        eager=random.random() < 0.7,
        weights={name: 3 ** (2 * random.random() - 1) for name in WEIGHTS},
    )


WEIGHTS = {
    "look_up": 3,
    "register": 3,
    "list_invoices": 2,
    "look_up_and_pay": 14,
    "pay": 4,
    "pay_twice": 3,
    "pay_rivals": 5,
    "repeat": 2,
    "pay_badly": 2,
    "cancel": 2,
    "ask": 1,
    "decide": 2,
    "remove": 1,
    "recover": 12,
    "sweep": 5,
    "deliver": 3,
    "exchange": 4,
    "new_invoice": 6,
    "amount_changes": 1.5,
    "paid_elsewhere": 1,
    "company_down": 1,
    "bank_down": 0.5,
    "crash": 2,
    "pause": 3,
}
"""How often each step is taken, before the seed shifts it."""
LATER = {"pay_several": 6, "restore": 3}
"""Steps that came when seeds had been kept: every fifth seed takes them too, and the others keep their worlds."""


def weights_of(seed: int) -> dict[str, float]:
    return {**WEIGHTS, **LATER} if seed % 5 == 4 else {**WEIGHTS}


def _draw_company(random: Random, name: str) -> CompanyTraits:
    def maybe(chance: float) -> bool:
        return random.random() < chance

    if maybe(0.25):
        every = timedelta(hours=random.choice((1, 6)))
        able = Capabilities(
            exchange_every=every, settles_later=timedelta(days=1), parts=maybe(0.3), max_bulk=random.choice((1, 10))
        )
        return CompanyTraits(name, able, checks_invoice=maybe(0.5))
    status, idempotent = maybe(0.4), maybe(0.5)
    final = timedelta(minutes=5) if status and maybe(0.6) else None
    able = Capabilities(
        idempotent_pay=idempotent,
        status_inquiry=status,
        live_quote=maybe(0.6),
        settles_later=random.choice((timedelta(minutes=10), timedelta(days=1))) if maybe(0.35) else None,
        parts=maybe(0.4),
        max_bulk=random.choice((1, 2, 10)),
        not_found_final_after=final,
    )
    return CompanyTraits(
        name,
        able,
        checks_invoice=maybe(0.6),
        says_already_paid=maybe(0.5),
        shows_booked=maybe(0.5),
        status_lag=random.choice((0.0, 20.0, 120.0)) if status else 0.0,
        latest_arrival=120.0 if final else random.choice((120.0, 3600.0, 0.5 * DAY)),
    )
