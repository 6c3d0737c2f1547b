import pytest

from theatre.rules.roles import MANAGEMENT, STAFF, Role, is_staff, needs_second_factor


def test_a_role_is_a_plain_word():
    assert [str(role) for role in Role] == ["admin", "moderator", "salesman", "customer"]
    assert Role("salesman") == "salesman"


@pytest.mark.parametrize(
    ("role", "staff", "second_factor"),
    [("admin", True, True), ("moderator", True, True), ("salesman", True, False), ("customer", False, False)],
)
def test_admins_and_moderators_need_a_second_factor_and_customers_are_not_staff(role, staff, second_factor):
    assert is_staff(role) is staff
    assert needs_second_factor(role) is second_factor


def test_an_unknown_role_is_never_let_through():
    with pytest.raises(ValueError, match="owner"):
        is_staff("owner")
    with pytest.raises(ValueError, match="owner"):
        needs_second_factor("owner")


def test_management_is_part_of_the_staff():
    assert MANAGEMENT < STAFF
    assert Role.CUSTOMER not in STAFF
