"""Every planted bug, and the first seed that finds it; `make simulate BUGS=1` finds them anew and prints the table."""

from simulation import bugs_of_calls, bugs_of_rows
from simulation.planting import BUGS

__all__ = ["BUGS", "FOUND_BY", "bugs_of_calls", "bugs_of_rows"]

FOUND_BY: dict[str, int] = {  # those from 200 on are kept seeds: what these bugs need comes together that rarely
    "live_index_dropped": 1,  # invariant 2
    "version_not_compared": 2,  # invariant 7
    "key_not_stored_with_the_payment": 0,  # invariant 6
    "deliveries_not_committed_with_the_plan": 1,  # invariant 8
    "invoice_state_not_moved": 0,  # invariant 2
    "notice_outside_the_transaction": 1,  # invariant 8
    "version_of_a_reading_not_compared": 6,  # one of the simulation's own
    "fence_not_compared": 142,  # one of the simulation's own
    "older_register_wins": 12,  # one of the simulation's own
    "orders_queued_again_though_carried": 8,  # invariant 2
    "rejected_on_time_out": 0,  # invariant 3
    "rejected_where_no_answer_came_to_the_question": 0,  # invariant 3
    "not_found_taken_as_rejected_at_once": 5,  # invariant 3
    "not_found_after_pending_taken_as_rejected": 5,  # invariant 3
    "receipt_amount_not_compared": 48,  # invariant 4
    "receipt_amount_of_a_question_not_compared": 65,  # invariant 4
    "interrupted_taken_as_not_sent": 8,  # invariant 3
    "due_at_not_set": 0,  # invariant 10
    "amount_not_requoted": 65,  # invariant 4
    "hold_need_not_outlive_the_settlement": 0,  # invariant 3
    "declined_where_the_bank_was_silent": 0,  # invariant 3
    "held_before_the_commit": 0,  # one of the simulation's own
    "paid_before_the_commit": 0,  # one of the simulation's own
    "captured_before_the_commit": 0,  # one of the simulation's own
    "sent_again_without_idempotent_pay": 5,  # one of the simulation's own
    "already_paid_after_an_earlier_try_taken_as_rejected": 1,  # invariant 3
    "no_tombstone_after_a_refusal": 58,  # invariant 3
    "released_before_the_commit": 3,  # one of the simulation's own
    "released_though_the_bank_was_silent": 0,  # invariant 3
    "paid_though_the_bank_was_silent": 1,  # invariant 3
    "called_after_the_deadline": 1,  # one of the simulation's own
    "incomplete_entry_taken_for_no_debts": 4,  # invariant 5
    "corrupt_reply_accepted": 24,  # invariant 3
    "hold_of_another_amount_accepted": 20,  # one of the simulation's own
    "refused_after_bytes_left_taken_as_not_sent": 1,  # invariant 3
    "answers_told_after_the_commit": 0,  # one of the simulation's own
    "sent_before_it_is_stored": 0,  # one of the simulation's own
    "occupied_index_dropped": 2453,  # invariant 2
    "already_paid_of_an_overtaken_order_taken_as_rejected": 7297,  # invariant 3
    "late_answer_ignored": 1786,  # invariant 10
    "release_in_the_shape_of_another_reply_accepted": 9886,  # invariant 3
}
