"""Taking one's data along."""

from django.http import JsonResponse
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from theatre.access import Permission
from theatre.queries import own_data
from theatre.web.doors import TheatreRequest, needs


@needs(Permission.OWN_ACCOUNT)
@require_safe
def take_along(request: TheatreRequest) -> JsonResponse:
    """Everything about oneself, as a file."""
    data = own_data.everything_about(request.actor)
    response = JsonResponse(data, json_dumps_params={"indent": 2, "ensure_ascii": False})
    name = f"{slugify(data['theatre'])}-{data['written_at'][:10]}.json"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response
