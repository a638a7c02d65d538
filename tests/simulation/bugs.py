"""Every planted bug, and the first seed that finds it; `make simulate BUGS=1` finds them anew and prints the table."""

from simulation import bugs_of_calls, bugs_of_rows
from simulation.planting import BUGS

__all__ = ["BUGS", "FOUND_BY", "bugs_of_calls", "bugs_of_rows"]

FOUND_BY: dict[str, int] = {
    "closed_account_of_an_autopay_not_told": 0,  # invariant 8
    "what_autopay_leaves_told_of_each_row": 0,  # invariant 8
    "what_autopay_leaves_not_told": 0,  # invariant 8
    "returned_while_the_order_may_arrive": 9,  # invariant 3
    "held_before_the_commit": 0,  # one of the simulation's own
    "paid_before_the_commit": 0,  # one of the simulation's own
    "captured_before_the_commit": 0,  # one of the simulation's own
    "sent_again_without_idempotent_pay": 5,  # one of the simulation's own
    "already_paid_after_an_earlier_try_taken_as_rejected": 1,  # invariant 3
    "late_answer_ignored": 17627,  # invariant 10
    "no_tombstone_after_a_refusal": 23,  # invariant 3
    "released_before_the_commit": 9,  # one of the simulation's own
    "released_though_the_bank_was_silent": 0,  # invariant 3
    "paid_though_the_bank_was_silent": 0,  # invariant 3
    "called_after_the_deadline": 5,  # one of the simulation's own
    "incomplete_entry_taken_for_no_debts": 4,  # invariant 5
    "corrupt_reply_accepted": 36,  # invariant 3
    "hold_of_another_amount_accepted": 24,  # one of the simulation's own
    "refused_after_bytes_left_taken_as_not_sent": 4,  # invariant 3
    "answers_told_after_the_commit": 0,  # one of the simulation's own
    "sent_before_it_is_stored": 0,  # one of the simulation's own
    "occupied_index_dropped": 5,  # invariant 2
    "live_index_dropped": 17,  # invariant 2
    "scheduled_index_dropped": 0,  # invariant 2
    "autopay_version_not_compared": 24,  # one of the simulation's own
    "deed_not_stored_with_the_decision": 0,  # invariant 9
    "version_not_compared": 0,  # invariant 7
    "key_not_stored_with_the_payment": 0,  # invariant 6
    "deliveries_not_committed_with_the_plan": 1,  # invariant 8
    "invoice_state_not_moved": 0,  # invariant 2
    "notice_outside_the_transaction": 0,  # invariant 8
    "version_of_a_reading_not_compared": 0,  # one of the simulation's own
    "fence_not_compared": 342,  # one of the simulation's own
    "older_register_wins": 0,  # one of the simulation's own
    "orders_queued_again_though_carried": 2,  # invariant 2
    "rejected_on_time_out": 1,  # invariant 5
    "rejected_where_no_answer_came_to_the_question": 0,  # invariant 5
    "not_found_taken_as_rejected_at_once": 5,  # invariant 3
    "not_found_after_pending_taken_as_rejected": 5,  # invariant 5
    "receipt_amount_not_compared": 175,  # invariant 9
    "receipt_amount_of_a_question_not_compared": 59,  # invariant 9
    "interrupted_taken_as_not_sent": 9,  # invariant 3
    "due_at_not_set": 1,  # invariant 10
    "amount_not_requoted": 7,  # invariant 4
    "hold_need_not_outlive_the_settlement": 0,  # invariant 3
    "declined_where_the_bank_was_silent": 0,  # invariant 3
}
