"""Every guard of the doors, how it is taken out, and the test that has to notice.

One line a guard: what is lost, the file, the text that stands for it, what takes its place, the test. A guard behind
which a second one stands is taken out together with it, or the house would not fall.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Mutant:
    """The house without one guard."""

    lost: str
    edits: tuple[tuple[str, str, str], ...]  # file, text that is there once, text in its place
    killer: str


def without(lost: str, path: str, text: str, instead: str, killer: str) -> Mutant:
    return Mutant(lost, ((path, text, instead),), killer)


ACCESS = "theatre/access.py"
DOORS = "theatre/web/doors.py"
MIDDLEWARE = "theatre/web/middleware.py"
STANDING = "theatre/actions/_doors.py"
ADAPTER = "theatre/web/account/adapter.py"
FACTOR = "theatre/web/account/factor.py"
FACTOR_FORMS = "theatre/web/account/factor_forms.py"
FROM_ALLAUTH = "theatre/actions/people/from_allauth.py"
WAYS = "theatre/actions/people/second_factor.py"
STAFF = "theatre/actions/people/staff.py"
INVITATIONS = "theatre/actions/people/invitations.py"
ADDRESS = "theatre/actions/people/address.py"
TOKENS = "theatre/actions/people/tokens.py"
SETTINGS = "config/settings.py"

T_ACCESS = "tests/test_access.py::test_"
T_ATTACKS = "tests/access/test_attacks.py::test_"
T_API = "tests/api/test_access.py::test_"
T_ACCOUNT = "tests/web/test_account.py::test_"
T_OWN = "tests/web/test_own_account.py::test_"
T_FACTOR = "tests/web/test_second_factor.py::test_"
T_PEOPLE = "tests/web/test_people.py::test_"
T_LIMITS = "tests/web/test_limits.py::test_"
T_STANDING = "tests/races/test_standing.py::test_"
T_HEADERS = "tests/config/test_headers.py::test_"
T_SESSIONS = "tests/web/test_sessions.py::test_"
T_INVITED = "tests/actions/test_invitations.py::test_"

PERMISSIONS = [
    without("the permission of a page", DOORS, "                require(request.actor, permission)\n",
            "                pass\n", T_PEOPLE + "the_office_is_not_for_guests_and_salesmen"),
    without("the permission of an operation", "theatre/api/bearer.py", "        require(actor, self.permission)\n", "",
            T_API + "role_is_asked_before_the_body_is_read"),
    without("what an action asks", ACCESS, "    if not allowed(actor, permission):\n", "    if False:\n",
            T_INVITED + "only_admins_invite"),
    without("the table of who may", ACCESS, "    if permission not in MAY[actor.role]:\n        return False\n", "",
            T_ACCESS + "door_opens_as_the_table_says"),
    without("the second factor of a role", ACCESS,
            "    return actor.role is None or actor.second_factor or not needs_second_factor(actor.role)\n",
            "    return True\n", T_ACCESS + "admins_and_moderators_pass_no_door_without_the_second_factor"),
    without("asking whether it is still them", DOORS, 'request.method == "POST"', "False",
            "tests/web/test_still_you.py::test_nothing_is_done_from_a_screen_that_was_left_open"),
]  # fmt: skip

SCOPES = [
    without("a customer's bookings", ACCESS,
            "        return Q(customer_id=actor.customer_id, customer_id__isnull=False)\n", "        return Q()\n",
            T_ACCESS + "list_and_row_agree_on_whose_booking_it_is"),
    without("a salesman's bookings", ACCESS, "        return Q(assigned_to_id=actor.user_id)\n", "        return Q()\n",
            T_ACCESS + "list_and_row_agree_on_whose_booking_it_is"),
    without("a stranger's hold", ACCESS,
            "    return Q(session=actor.session, state=Booking.State.HELD) if actor.session else Q(pk__in=[])\n",
            "    return Q(state=Booking.State.HELD)\n", T_ACCESS + "list_and_row_agree_on_whose_booking_it_is"),
    without("every booking, before the second factor", ACCESS,
            "        return Q() if actor.second_factor else Q(pk__in=[])\n", "        return Q()\n",
            T_ACCESS + "list_and_row_agree_on_whose_booking_it_is"),
    without("the row of a customer", ACCESS,
            "        return customer_id is not None and customer_id == actor.customer_id\n", "        return True\n",
            T_ACCESS + "list_and_row_agree_on_whose_booking_it_is"),
    without("the row of a salesman", ACCESS, "        return assigned_to_id == actor.user_id\n",
            "        return True\n", T_ACCESS + "list_and_row_agree_on_whose_booking_it_is"),
    without("whose booking it is within a query", ACCESS, " OR b.customer_id = %s)", " OR b.customer_id = %s OR true)",
            T_ACCESS + "list_and_row_agree_on_whose_booking_it_is"),
    without("the row, before the second factor", ACCESS, "        return actor.second_factor\n",
            "        return True\n",
            T_ACCESS + "list_and_row_agree_on_whose_booking_it_is"),
    without("the browser a hold was made in", ACCESS, "    if session and session == actor.session:\n",
            "    if session:\n", T_ACCESS + "what_was_held_in_this_browser_stays_theirs_to_see"),
    without("a moderator's people", ACCESS, "        return Q(user__role=Role.SALESMAN.value)\n",
            "        return Q()\n",
            T_PEOPLE + "a_person_who_is_not_theirs_to_see_is_not_found"),
    without("whose token is revoked", TOKENS, "WHERE id = %s AND user_id = %s AND", "WHERE id = %s AND %s > 0 AND",
            T_ACCOUNT + "somebody_elses_token_is_not_revoked"),
    without("whose session is ended", "theatre/actions/people/sessions.py", "WHERE id = %s AND user_id = %s RETURNING",
            "WHERE id = %s AND %s > 0 RETURNING", T_SESSIONS + "somebody_elses_session_is_not_there_to_be_ended"),
    without("whose photo it is", "theatre/queries/accounts.py", "WHERE user_id = %s AND mark = %s",
            "WHERE %s > 0 AND mark = %s", T_OWN + "a_photo_is_replaced_removed_and_seen_by_nobody_else"),
    without("whose passkey is renamed", WAYS, "WHERE id = %s AND user_id = %s AND type = 'webauthn'",
            "WHERE id = %s AND %s > 0 AND type = 'webauthn'",
            T_FACTOR + "nobody_renames_or_removes_somebody_elses_passkey"),
    without("whose way is removed", WAYS, "    kind = ways.get(way_id, \"\")\n",
            "    kind = dict(fetch(\"SELECT id, type FROM mfa_authenticator\")).get(way_id, \"\")\n",
            T_FACTOR + "nobody_renames_or_removes_somebody_elses_passkey"),
]  # fmt: skip

STANDINGS = [
    without("that somebody may act at all, for a token", ACCESS,
            "WHERE u.is_active AND u.confirmed_at IS NOT NULL\n", "WHERE true\n",
            T_ATTACKS + "a_token_opens_nothing_for_somebody_unconfirmed_or_closed"),
    without("a suspension, for a token", ACCESS,
            "  AND coalesce((SELECT e.status FROM theatre_employee e WHERE e.user_id = u.id), 'active') = 'active'\n",
            "", T_ATTACKS + "a_token_dies_with_the_suspension_of_its_person"),
    without("that a token was revoked", ACCESS, "WHERE digest = %s AND revoked_at IS NULL", "WHERE digest = %s",
            T_ACCOUNT + "a_token_is_shown_once_and_opens_the_api_until_it_is_revoked"),
    Mutant("a suspension, for a session", (
        ("theatre/web/account/backend.py", "filter(works, pk=", "filter(pk="),
        (MIDDLEWARE, 'employee is None or employee.status == "active"', "True")),
        T_ACCOUNT + "a_suspension_ends_what_is_open"),
    without("that a session is of the person who passed the second factor", MIDDLEWARE,
            'request.session.get("account_authentication_methods_user") == str(user.pk)', "True",
            T_FACTOR + "a_second_factor_of_somebody_else_in_the_same_session_counts_for_nothing"),
    without("that the session or token still stands at commit", STANDING, "    if not fetch_one(\n        _STANDS,",
            "    if False and not fetch_one(\n        _STANDS,",
            T_STANDING + "a_deed_that_began_before_does_not_commit_after"),
    without("the session, at commit", STANDING,
            "  AND (%s = '' OR EXISTS (SELECT 1 FROM django_session WHERE session_key = %s))\n",
            "  AND (%s = '' OR %s <> '-')\n", T_STANDING + "a_deed_that_began_before_does_not_commit_after"),
    without("the token, at commit", STANDING,
            "  AND (%s = 0 OR EXISTS (SELECT 1 FROM theatre_apitoken WHERE id = %s AND revoked_at IS NULL))\n",
            "  AND (%s = 0 OR %s > 0)\n", T_STANDING + "a_deed_that_began_before_does_not_commit_after"),
    without("the role, at commit", STANDING, "AND u.role = %s AND u.is_active", "AND %s <> '-' AND u.is_active",
            T_STANDING + "a_deed_that_began_before_does_not_commit_after"),
    without("waiting for what is under way", STANDING, "        hold_person(user_id)\n", "        pass\n",
            T_STANDING + "suspension_waits_for_what_is_under_way_and_comes_before_what_follows"),
    without("that sessions end with the password", FROM_ALLAUTH, "    end_sessions_and_tokens(user.pk)\n", "",
            T_OWN + "a_reset_password_ends_sessions_and_tokens_too"),
    without("that sessions end with the standing", STAFF, "    end_sessions_and_tokens(person.id)\n", "",
            T_PEOPLE + "what_is_open_ends_with_the_standing"),
    without("that tokens end", "theatre/actions/people/_ending.py", "    change(_TOKENS, [user_id])\n", "",
            T_OWN + "changing_the_password_ends_everything_else_and_is_told"),
    without("that nobody decides about themselves", STAFF, "    if user_id == by.user_id:\n", "    if False:\n",
            T_PEOPLE + "another_role_is_an_admins_to_give_and_nobody_gives_it_to_themselves"),
    without("that a role is one of the staff's", STAFF, "    if role not in STAFF:\n", "    if False:\n",
            T_INVITED + "what_a_change_of_standing_refuses"),
]  # fmt: skip

SIGNING_IN = [
    without("that the address is confirmed", ADAPTER, "        if self.login.user and self.login.user.confirmed_at:\n",
            "        if self.login.user:\n", T_ACCOUNT + "nobody_of_any_role_gets_in_before_the_address_is_confirmed"),
    without("that they work here", ADAPTER, '        if employee is not None and employee.status != "active":\n',
            "        if False:\n", T_ACCOUNT + "an_employee_who_left_does_not_get_in"),
    without("the step of the second factor", ADAPTER, "            return bool(is_mfa_enabled(user, WAYS))\n",
            "            return False\n", T_FACTOR + "with_the_app_set_up_the_password_alone_opens_nothing"),
    without("that management has no trusted devices", ADAPTER,
            "        if user is not None and needs_second_factor(user.role):\n", "        if False:\n",
            T_FACTOR + "a_device_trusted_as_a_customer_is_asked_again_as_management"),
    without("the second factor before it is changed", FACTOR,
            "        if not request.actor.second_factor and ways_of(_who(request).pk):\n", "        if False:\n",
            T_FACTOR + "a_password_alone_neither_reads_nor_changes_what_is_set_up"),
    without("that a sign-in ends when its second factor was reset", FACTOR,
            "        if stage is not None and not ways_of(stage.login.user.pk):\n", "        if False:\n",
            T_FACTOR + "a_sign_in_that_waits_for_the_code_begins_anew_after_the_reset"),
    without("that a code is taken once", FROM_ALLAUTH, "coalesce((data ->> 'last_step')::bigint, -1) < %s",
            "%s > 0", T_FACTOR + "a_code_is_not_taken_again_while_its_window_lasts"),
    without("that the code of the set-up is used up", FACTOR,
            '            if step := getattr(form, "step", None):\n', "            if step := None:\n",
            T_FACTOR + "the_code_of_the_set_up_is_used_up"),
    without("that a recovery code is spent", FACTOR_FORMS, "way.wrap().validate_code(code)",
            "(code in way.wrap().get_unused_codes())", T_FACTOR + "a_recovery_code_opens_the_account_once"),
    without("that a code fits", FACTOR_FORMS, "    return constant_time_compare(typed,",
            "    return bool(typed) or constant_time_compare(typed,",
            T_FACTOR + "a_clock_may_be_half_a_minute_off_and_no_more"),
    without("that a code is no older", SETTINGS, "MFA_TOTP_TOLERANCE = 1 ", "MFA_TOTP_TOLERANCE = 3 ",
            T_FACTOR + "a_clock_may_be_half_a_minute_off_and_no_more"),
    without("that secrets are sealed", "theatre/models/sealed.py",
            "    return _keys().encrypt(text.encode()).decode()\n",
            "    return text\n", T_FACTOR + "secrets_of_the_second_factor_are_encrypted_in_the_database"),
    without("that the last way stays", WAYS,
            "    if last and by.role is not None and needs_second_factor(by.role):\n", "    if False:\n",
            T_FACTOR + "the_last_way_is_kept_for_a_role_that_needs_one"),
    without("that nobody resets their own", WAYS, "    if user_id == by.user_id:\n", "    if False:\n",
            T_FACTOR + "nobody_resets_their_own"),
    without("that a passkey is the theatre's", "theatre/web/account/factor_adapter.py",
            'urlsplit(settings.SITE_URL).hostname or ""', "__import__('allauth.core.context', fromlist=['request'])"
            '.request.get_host().partition(":")[0]', T_FACTOR + "passkeys_are_the_theatres_whatever_host_is_asked"),
]  # fmt: skip

LINKS = [
    without("that an invitation was not used", "theatre/actions/people/invitations.py",
            "    rules.check_acceptable(used=used, revoked=revoked, over=over)\n",
            "    rules.check_acceptable(used=False, revoked=revoked, over=over)\n",
            T_INVITED + "an_invitation_is_accepted_once"),
    without("that an invitation was not revoked", INVITATIONS,
            "    rules.check_acceptable(used=used, revoked=revoked, over=over)\n",
            "    rules.check_acceptable(used=used, revoked=False, over=over)\n",
            T_INVITED + "an_invitation_taken_back_opens_nothing"),
    without("that an invitation is not too old", INVITATIONS,
            "    rules.check_acceptable(used=used, revoked=revoked, over=over)\n",
            "    rules.check_acceptable(used=used, revoked=revoked, over=False)\n",
            T_INVITED + "an_invitation_that_is_over_opens_nothing"),
    without("the code of a new address", ADDRESS,
            "    if not hmac.compare_digest(bytes(asked[6]), _digest(by.user_id, digits)):\n", "    if False:\n",
            T_OWN + "the_code_of_one_account_does_nothing_for_another"),
    without("how often that code is tried", ADDRESS, "WHEN tries + 1 >= %s THEN", "WHEN tries + 1 >= 100 * %s THEN",
            T_OWN + "five_wrong_codes_end_it"),
    without("that a change is not too old", ADDRESS, "    if expired:\n", "    if False:\n",
            T_OWN + "code_and_link_are_too_old_after_an_hour"),
    without("that a change is still the one asked for", ADDRESS, '    if asked[4] != "asked":\n', "    if False:\n",
            T_OWN + "what_is_over_is_over_whoever_asks"),
    without("that the way back is open for seven days", ADDRESS, "    if settled:\n", "    if False:\n",
            T_OWN + "what_is_over_is_over_whoever_asks"),
    without("that stopping ends the sessions", ADDRESS,
            "    end_sessions_and_tokens(user_id)\n    record(_owner(user_id), \"stop",
            "    record(_owner(user_id), \"stop", T_OWN + "what_is_over_is_over_whoever_asks"),
    without("that an address in use is nobody's to take", ADDRESS,
            "secrets.token_bytes(32) if taken else _digest(by.user_id, code)", "_digest(by.user_id, code)",
            T_OWN + "no_code_fits_an_address_that_was_in_use_already"),
    without("the house's name in the reset link", ADAPTER,
            '        return settings.SITE_URL + reverse("account_reset_password_from_key"',
            '        return context.request.build_absolute_uri("/")[:-1] + reverse("account_reset_password_from_key"',
            T_OWN + "no_host_that_a_request_names_reaches_a_letter"),
]  # fmt: skip

COUNTING = [
    without("the amount of a limit", "theatre/actions/limits.py",
            "WHERE t.until <= statement_timestamp() OR t.tries < %(amount)s\nRETURNING 1",
            "WHERE %(amount)s > 0\nRETURNING 1", T_LIMITS + "as_many_as_the_limit_and_no_more"),
    without("that a window does not grow", "theatre/actions/limits.py",
            "THEN excluded.until ELSE t.until END", "THEN excluded.until ELSE excluded.until END",
            T_LIMITS + "a_window_does_not_grow_with_the_tries_in_it"),
    without("that a forwarded address is our proxy's", "theatre/rules/limits.py", "chain[-min(proxies, len(chain))]",
            "chain[0]",
            T_LIMITS + "made_up_forwarding_headers_do_not_help"),
    without("whose device it is", "theatre/web/account/devices.py",
            "secrets.compare_digest(owner, _digest(address))", "True",
            T_LIMITS + "the_mark_of_another_owners_device_is_worth_nothing"),
    without("that wrong coupons are counted", "theatre/actions/booking/coupon_tries.py", "    if not code:\n",
            "    if True:\n", T_LIMITS + "wrong_coupons_are_counted_for_a_network_of_many_people"),
    without("that closed coupons are counted", "theatre/actions/booking/coupon_tries.py",
            "code = %(code)s AND active\n",
            "code = %(code)s OR NOT active\n", T_LIMITS + "closed_coupons_are_counted_like_those_that_never_were"),
]  # fmt: skip
SILENCE = [
    without("that an answer waits for its time", "theatre/web/account/steady.py",
            "        time.sleep((begun - time.monotonic()) % beat if beat else 0.0)\n", "",
            T_ATTACKS + "the_answer_waits_for_its_time"),
    without("the work for an address that is known", ADAPTER, "        make_password(secrets.token_urlsafe())\n", "",
            T_ATTACKS + "no_answer_tells_whether_an_address_is_known"),
    without("that a closed coupon for others is unknown", "theatre/rules/coupons.py",
            "        raise unknown(code)\n\n", "        pass\n\n",
            T_ATTACKS + "no_answer_tells_whether_there_is_a_coupon_that_is_for_others"),
    without("that allauth tells nobody", SETTINGS, "ACCOUNT_PREVENT_ENUMERATION = True",
            "ACCOUNT_PREVENT_ENUMERATION = False",
            T_ATTACKS + "no_answer_tells_whether_an_address_is_known"),
]  # fmt: skip

THE_HOUSE = [
    without("that a `next` is ours", "theatre/web/back.py", "    return back if ours else \"\"\n",
            "    return back\n", T_HEADERS + "no_next_leads_away"),
    without("the token of a form", SETTINGS, '    "django.middleware.csrf.CsrfViewMiddleware",\n', "",
            "tests/web/test_feedback.py::test_a_form_of_another_site_is_refused"),
    without("the host", SETTINGS, '"localhost,127.0.0.1,[::1],testserver"', '"*"',
            T_OWN + "a_poisoned_host_never_reaches_the_link"),
    without("the policy of what a page may run", SETTINGS, '    "csp.middleware.CSPMiddleware",\n', "",
            T_HEADERS + "error_pages_say_the_same"),
    without("that nothing is kept for Back", MIDDLEWARE,
            '            response.setdefault("Cache-Control", "private, no-store")\n', "            pass\n",
            T_SESSIONS + "back_after_signing_out_shows_nothing"),
    without("that what is shown is escaped for scripts", "theatre/web/browse/linked.py", '.translate(_HARMLESS)', "",
            "tests/web/test_links.py::test_nothing_in_the_facts_can_end_their_block"),
    without("that a role cannot be typed", FROM_ALLAUTH, "        user.save(force_insert=True)\n",
            "        user.role = __import__('allauth.core.context', fromlist=['request'])"
            ".request.POST.get('role', user.role)\n"
            "        user.save(force_insert=True)\n", T_ATTACKS + "nobody_signs_up_as_more_than_a_customer"),
]  # fmt: skip

GUARDS = [*PERMISSIONS, *SCOPES, *STANDINGS, *SIGNING_IN, *LINKS, *COUNTING, *SILENCE, *THE_HOUSE]
