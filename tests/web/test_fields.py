"""Every field of every form refuses in our words, never in Django's (ux.md 2.10)."""

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.core.context import request_context
from django import forms
from django.contrib.sessions.backends.db import SessionStore
from django.forms.forms import BaseForm
from django.test import RequestFactory

from tests import people
from theatre import web
from theatre.web.customer import change

pytestmark = pytest.mark.django_db

# What a field of a class can refuse by itself, besides what its validators do. That the choices of several are no list,
# or a file has no name, can't be sent.
OWN = {
    forms.IntegerField: "invalid",
    forms.DateField: "invalid",
    forms.TimeField: "invalid",
    forms.DateTimeField: "invalid",
    forms.ChoiceField: "invalid_choice",
}


def all_forms(of: type = BaseForm) -> Iterator[type[BaseForm]]:
    for form in of.__subclasses__():
        if form.__module__.startswith("theatre."):
            yield form
        yield from all_forms(form)


for module in pkgutil.walk_packages(web.__path__, "theatre.web."):
    importlib.import_module(module.name)
FORMS = sorted(set(all_forms()), key=lambda form: form.__qualname__)


def made(form: Any) -> BaseForm:
    """One, with nothing to choose from: its fields may be of the moment."""
    somebody = people.admin()
    ways = ["cash"] if form is change.HowForm else [("cash", "Cash")]
    known = {"employee": somebody.employee, "total": 11, "methods": ways}
    wanted = {
        name
        for kind in form.__mro__
        if "__init__" in vars(kind)
        for name, each in inspect.signature(kind.__init__).parameters.items()
        if each.kind is each.KEYWORD_ONLY and each.default is each.empty
    }
    given = {name: known.get(name, []) for name in wanted}
    request = RequestFactory().get("/")
    request.session = SessionStore()
    with request_context(request):
        try:
            return form(**given, user=somebody)  # allauth's take who it is about out of what they are given
        except TypeError:
            return form(**given)


def in_djangos_words(field: forms.Field) -> set[str]:
    """The codes of what this field would refuse in a sentence of Django's."""
    codes = {"required"} if field.required else set()
    codes |= {code for kind, code in OWN.items() if isinstance(field, kind)}
    codes |= {str(validator.code) for validator in field.validators}
    usual: dict[str, object] = {}
    for kind in reversed(type(field).__mro__):
        if kind.__module__.startswith("django."):
            usual.update(getattr(kind, "default_error_messages", {}))
    said = field.error_messages
    return {code for code in codes if str(said.get(code, "")) in ("", str(usual.get(code, "")))}


def test_there_are_forms_to_read():
    assert len(FORMS) > 30
    assert in_djangos_words(forms.IntegerField(min_value=1)) == {"required", "invalid", "min_value"}


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__qualname__)
def test_every_field_refuses_in_our_words(form):
    fields = made(form).fields

    assert {name: found for name, field in fields.items() if (found := in_djangos_words(field))} == {}
