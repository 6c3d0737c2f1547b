"""How the theatre says no."""

from typing import Any, ClassVar


class Refused(Exception):
    """A deed the theatre's rules do not allow, with a sentence a guest can use.

    Each refusal is a subclass declared in the file that raises it, with a `code` of its own (snake_case)
    that API clients may rely on. `field` names the form field it belongs to; `data` holds further facts
    that can be written as JSON (`seats` for a seat that is gone).
    """

    code: ClassVar[str] = "refused"

    def __init__(self, sentence: str, field: str | None = None, **data: Any) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field
        self.data = data
