# ruff: noqa
# What each rule of answers.yml finds, and what it lets through. Nothing here is ever run.


def leave(request):
    # ruleid: redirect-to-what-was-asked
    return redirect(request.GET.get("next", "/"))


def leave_by_a_header(request):
    answer = HttpResponse(status=302)
    # ruleid: redirect-to-what-was-asked
    answer["Location"] = request.META["HTTP_REFERER"]
    return answer


def leave_for_a_page_of_ours(request):
    # ok: redirect-to-what-was-asked
    return redirect(way_back(request, "home"))


def leave_with_an_argument(request):
    # ok: redirect-to-what-was-asked
    return redirect("booking", request.POST["ref"])


def show(name):
    # ruleid: markup-declared-safe
    return mark_safe(f"<b>{name}</b>")


def show_escaped(name):
    # ok: markup-declared-safe
    return format_html("<b>{}</b>", name)


def show_a_constant():
    # ok: markup-declared-safe
    return mark_safe(' loading="lazy"')


def letter(offer):
    # ruleid: text-as-a-template
    return Template(offer.text).render(Context({}))


def letter_of_a_file(offer):
    # ok: text-as-a-template
    return render_to_string("mail/offer.txt", {"text": offer.text})


def greeting(offer, guest):
    # ruleid: format-of-a-value
    return offer.text.format(guest=guest)


def greeting_of_the_house(guest):
    # ok: format-of-a-value
    return GREETING.format(guest=guest)


# ruleid: form-without-a-token
@csrf_exempt
def pay(request):
    return None


# ok: form-without-a-token
@require_POST
def pay_with_a_token(request):
    return None


# ruleid: personal-page-without-never-cache
@needs(Permission.OWN_ACCOUNT)
def account(request):
    return render(request, "account.html")


# ok: personal-page-without-never-cache
@needs(Permission.OWN_ACCOUNT)
@never_cache
def account_unkept(request):
    return render(request, "account.html")


def booking(request):
    answer = render(request, "booking.html")
    # ruleid: personal-page-kept-by-others
    patch_cache_control(answer, public=True, max_age=60)
    return answer


def booking_kept_by_its_browser(request):
    answer = render(request, "booking.html")
    # ok: personal-page-kept-by-others
    patch_cache_control(answer, private=True, max_age=60)
    return answer


def remember(answer):
    # ruleid: cookie-without-its-flags
    answer.set_cookie("device", "x", max_age=60)
    # ok: cookie-without-its-flags
    answer.set_cookie("device", "x", max_age=60, secure=True, httponly=True, samesite="Lax")


class EveryField:
    # ruleid: form-with-every-field
    fields = "__all__"


class SomeFields:
    # ok: form-with-every-field
    fields = ["full_name", "phone"]
