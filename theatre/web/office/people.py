"""The people who work here: the list, one person's page, and what can be decided there."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from theatre.access import Permission, allowed
from theatre.actions.people import staff as doing
from theatre.models import Employee
from theatre.queries import staff as seeing
from theatre.rules.roles import Role
from theatre.web.doors import TheatreRequest, needs, still_you
from theatre.web.office.forms import FindPeopleForm, RecordForm, RoleForm, WhyForm
from theatre.web.parts import refusals_on

A_PAGE = 25


@needs(Permission.SEE_PEOPLE)
@never_cache
@require_safe
def people(request: TheatreRequest) -> HttpResponse:
    """The staff: searched, filtered, a page at a time. A moderator begins with who reports to them."""
    form = FindPeopleForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {"find": "", "role": "", "status": ""}
    moderator = request.actor.role is Role.MODERATOR
    everybody = not moderator or "all" in request.GET
    found = seeing.employees(
        request.actor, search=asked["find"], role=asked["role"], status=asked["status"], mine=not everybody
    )
    pages = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    kept = {name: value for name, value in asked.items() if value}
    if moderator and everybody:
        kept["all"] = "1"
    context = {
        "page": "office",
        "find": form,
        "pages": pages,
        "rows": list(pages),
        "count": pages.paginator.count,
        "narrowed": bool(asked["find"] or asked["role"] or asked["status"]),
        "moderator": moderator,
        "everybody": everybody,
        "manages": allowed(request.actor, Permission.MANAGE_STAFF),
        "query": f"{urlencode(kept)}&" if kept else "",
    }
    return render(request, "office/people.html", context)


@needs(Permission.SEE_PEOPLE)
@never_cache
@require_safe
def person(request: TheatreRequest, user_id: int) -> HttpResponse:
    """Who they are, what they do, and how they stand."""
    return _page(request, _found(request, user_id))


@needs(Permission.EDIT_SALESMEN)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def record(request: TheatreRequest, user_id: int) -> HttpResponse:
    """Somebody's record, to be changed."""
    employee = _found(request, user_id)
    form = RecordForm(
        request.POST if request.method == "POST" else None, employee=employee, leads=seeing.leads(but=user_id)
    )
    if form.is_valid():
        with refusals_on(form):
            doing.edit_record(by=request.actor, user_id=user_id, **form.cleaned_data)
            messages.success(request, _("Saved"))
            return redirect("person", user_id)
    context = {"page": "office", "employee": employee, "form": form}
    return render(request, "office/record.html", context, status=422 if form.errors else 200)


@needs(Permission.MANAGE_STAFF)
@require_POST
@still_you
def role(request: TheatreRequest, user_id: int) -> HttpResponse:
    """Another role. They are signed out everywhere and told."""
    return _decide(
        request, user_id, "role_form", RoleForm(request.POST), doing.change_role,
        _("%(who)s has a new role, is signed out everywhere and told by mail"),
    )  # fmt: skip


@needs(Permission.MANAGE_STAFF)
@require_POST
@still_you
def suspend(request: TheatreRequest, user_id: int) -> HttpResponse:
    """Shut out until they are brought back."""
    return _decide(
        request, user_id, "suspend_form", WhyForm(request.POST, prefix="suspend"), doing.suspend,
        _("%(who)s is suspended, signed out everywhere and told by mail"),
    )  # fmt: skip


@needs(Permission.MANAGE_STAFF)
@require_POST
@still_you
def remove(request: TheatreRequest, user_id: int) -> HttpResponse:
    """Gone from here; what they sold keeps their name."""
    return _decide(
        request, user_id, "remove_form", WhyForm(request.POST, prefix="remove"), doing.remove,
        _("%(who)s is removed, signed out everywhere and told by mail"),
    )  # fmt: skip


@needs(Permission.MANAGE_STAFF)
@require_POST
@still_you
def bring_back(request: TheatreRequest, user_id: int) -> HttpResponse:
    """At work again."""
    return _decide(
        request, user_id, "back_form", Form(request.POST), doing.bring_back,
        _("%(who)s can sign in again and is told by mail"),
    )  # fmt: skip


def _decide(
    request: TheatreRequest, user_id: int, name: str, form: Form, deed: Callable[..., None], said: str
) -> HttpResponse:
    """Do it, or show the person's page with the form as it was filled in and why not."""
    employee = _found(request, user_id)
    if form.is_valid():
        with refusals_on(form):
            deed(by=request.actor, user_id=user_id, **form.cleaned_data)
            messages.success(request, said % {"who": employee.user})
            return redirect("person", user_id)
    return _page(request, employee, **{name: form})


def _found(request: TheatreRequest, user_id: int) -> Employee:
    employee = seeing.employee(request.actor, user_id) if user_id < 2**63 else None
    if employee is None:
        raise Http404
    return employee


def _page(request: TheatreRequest, employee: Employee, **tried: Form) -> HttpResponse:
    forms: dict[str, Any] = {
        "role_form": RoleForm(initial={"role": employee.user.role}),
        "suspend_form": WhyForm(prefix="suspend"),
        "remove_form": WhyForm(prefix="remove"),
        **tried,
    }
    refused = next(iter(tried.values()), None)
    context = {
        "page": "office",
        "employee": employee,
        "owns": seeing.owns(employee.user_id),
        "events": seeing.events_of(employee.user_id),
        "manages": allowed(request.actor, Permission.MANAGE_STAFF),
        "resets": allowed(request.actor, Permission.RESET_SECOND_FACTOR),
        "own": employee.user_id == request.actor.user_id,
        "form": refused,
        **forms,
    }
    return render(request, "office/person.html", context, status=422 if refused is not None else 200)
