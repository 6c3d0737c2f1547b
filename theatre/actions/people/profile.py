"""What people say about themselves."""

from theatre.access import Actor, Permission, require
from theatre.actions._doors import action, record
from theatre.models.sql import change


@action
def change_profile(*, by: Actor, full_name: str, phone: str, long_holds: bool) -> None:
    """Store one's own name, telephone and, for customers, whether holds are the longer ones."""
    require(by, Permission.OWN_ACCOUNT)
    change("UPDATE theatre_user SET full_name = %s, phone = %s WHERE id = %s", [full_name, phone, by.user_id])
    if by.customer_id is not None:
        change("UPDATE theatre_customer SET long_holds = %s WHERE id = %s", [long_holds, by.customer_id])
    record(by, "change_profile", ("user", by.user_id))
