"""What can happen in the theatre.

Only actions send, as their last lines, inside the transaction; every receiver stands in
`notices/receivers.py`. Each signal names what its receivers are given.
"""

from django.dispatch import Signal

# sender=None; booking: SeenBooking, as it is after the deed
booking_confirmed = Signal()
# sender=None; booking: SeenBooking, ticket_ids: list[int], refunded: Decimal, whole: bool
tickets_returned = Signal()
# sender=None; booking: SeenBooking, ticket_ids: list[int], refunded: Decimal, reason: str
cancelled_with_its_show = Signal()
# sender=None; movie_id: int. Who asked to be told is told.
movie_opened = Signal()
# sender=None; movie_ids: list[int], each published
shows_put_on_sale = Signal()
# sender=None; booking: SeenBooking (held for them), party_id: int
seats_offered = Signal()
# sender=None; party_id, customer_id, show_id: int. The show begins, or does not take place, and nothing came free.
waited_in_vain = Signal()
# sender=None; booking: SeenBooking (the new one, sold), was: int (the old one's id), ticket_ids: list[int] (that came
# back), refunded: Decimal
booking_changed = Signal()
# sender=None; move_id: int
show_moved = Signal()
# sender=None; customer_id: int, tier: str, percent: Decimal
tier_reached = Signal()
# sender=None; user_id: int, email: str, code: str
address_code_asked = Signal()
# sender=None; user_id: int, email: str, link: str
password_reset_asked = Signal()
# sender=None; user_id: int, email: str
password_changed = Signal()
# sender=None; user_id, change_id: int, old, new, code: str, taken_by: int | None (who has the new address already)
address_change_asked = Signal()
# sender=None; user_id, change_id: int, old, new: str
address_changed = Signal()
# sender=None; user_id, change_id: int, kept, dropped: str (empty when it had not changed yet)
address_change_stopped = Signal()
# sender=None; invitation_id: int, email, role, name, by (who invites), secret (of the link): str
invited = Signal()
# sender=None; user_id: int, email, change (role, suspended, removed or active), role (the new one), reason: str
standing_changed = Signal()
# sender=None; user_id: int, email: str (as it was: nobody has it any more)
account_erased = Signal()
# sender=None; user_id: int, email: str. Somebody tried to sign up with an address that has an account.
account_exists = Signal()
# sender=None; user_id: int, email: str, change: str (a word of mail/security_changed), last: bool (no way is left)
security_changed = Signal()
# sender=None; user_id: int, email: str, reason: str
second_factor_reset = Signal()
