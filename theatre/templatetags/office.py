"""What the office's templates ask for."""

from typing import Any

from django import template

from theatre.web.office import rail as places

register = template.Library()


@register.inclusion_tag("parts/rail.html", takes_context=True)
def rail(context: template.Context) -> dict[str, Any]:
    """The staff rail, for who is here and where they are."""
    request = context["request"]
    kept = {
        name: context.get(name)
        for name in ("request", "actor", "theme", "theatre_name", "csrf_token", "member")
    }
    return {**kept, "groups": list(places.groups(request.actor, request.path))}
