"""The door: a ticket lets somebody in once."""

from django.http import HttpResponse
from ninja import Router

from theatre.access import Permission
from theatre.actions.booking.check_in import check_in
from theatre.api import shapes
from theatre.api.answers import answer
from theatre.api.bearer import Asked, Bearer
from theatre.api.bodies import CheckInBody
from theatre.api.keys import key_parameter, once

router = Router(tags=["Door"])


@router.post(
    "/checkins",
    auth=Bearer(Permission.CHECK_IN),
    response={200: shapes.CheckIn, 409: shapes.AlreadyUsed, 422: shapes.FieldErrors},
    operation_id="check_in",
    summary="Check a ticket in",
    openapi_extra={"parameters": [key_parameter(required=False)]},
)
def admit(request: Asked, body: CheckInBody) -> HttpResponse:
    """Staff only. A second scan is refused and says when and where the first was."""
    done = check_in(
        by=request.auth,
        code=body.code,
        show_id=body.show,
        door=body.door or "",
        once=once(request, "checkins", body),
    )
    return answer(
        {
            "ref": done.ref,
            "seat": done.seat,
            "movie": done.movie,
            "screen": done.screen,
            "starts_at": done.starts_at.isoformat(),
            "at": done.at.isoformat(),
            "door": done.door,
        }
    )
