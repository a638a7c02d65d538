"""What people read of every error, in Albanian and English, by its code; each names the mend."""

from faturat.messages.channels import CHANNELS
from faturat.messages.companies import COMPANIES
from faturat.messages.input import INPUT
from faturat.messages.operators import OPERATORS
from faturat.messages.payments import PAYMENTS
from faturat.text import Text

MESSAGES: dict[str, Text] = {**INPUT, **CHANNELS, **COMPANIES, **PAYMENTS, **OPERATORS}

assert len(MESSAGES) == sum(map(len, (INPUT, CHANNELS, COMPANIES, PAYMENTS, OPERATORS))), "no code has two messages"
