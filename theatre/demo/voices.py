"""What the demo's guests say: reviews by their stars, and conversations with the office."""

from dataclasses import dataclass

REVIEWS = {
    5: (
        "I walked home the long way to think about it.",
        "Third time for me, first time on a big screen. It holds.",
        "The whole row was crying and nobody minded.",
        "Worth the front row, and I had the front row.",
        "My daughter has asked twice when we can go again.",
        "",
    ),
    4: (
        "Lovely, and ten minutes shorter would have been lovelier still.",
        "The sound in the Lantern makes it. Sit in the middle.",
        "Better than I remembered. The ending still divides us.",
        "Good film, good seats, popcorn gone by the trailers.",
        "Subtitles were easy to read even from the last row.",
        "",
    ),
    3: (
        "The first half is wonderful. Then it explains itself.",
        "Fine for a rainy Tuesday.",
        "Two of us loved it, one slept.",
        "",
    ),
    2: ("Not for me. The hall was nice.", "Too loud for too long."),
    1: ("I left after an hour and missed nothing, I am told.",),
}
REMOVED = "This review tells the ending."


@dataclass(frozen=True, slots=True)
class Conversation:
    """A thread: its topic and subject, and what is said in turn, the guest first."""

    topic: str
    subject: str
    said: tuple[str, ...]
    state: str
    about_booking: bool = False


CONVERSATIONS = (
    Conversation(
        "booking", "Can I move to the later showing?",
        ("I booked the early one by mistake. Is there room at night?",
         "There is. Cancel yours up to two hours before and choose the later one; the refund is immediate."),
        "answered", about_booking=True,
    ),
    Conversation(
        "access", "Companion seat beside my space",
        ("My mother uses a wheelchair and I would like to sit with her. How do I book that?",
         "Choose the wheelchair space first. The companion seat beside it can then be added for one euro.",
         "That worked, thank you.",
         "We look forward to seeing you both."),
        "closed",
    ),
    Conversation(
        "refund", "Refund for two of four tickets",
        ("Two of us are ill. Can I give back just their tickets?",),
        "open", about_booking=True,
    ),
    Conversation(
        "question", "Subtitled showings at the weekend",
        ("Do you plan subtitled showings on Sundays as well?",
         "Yes. Look for CC on the times. This week there is one on Saturday and one on Sunday."),
        "answered",
    ),
    Conversation(
        "complaint", "It was cold in the Foundry",
        ("We kept our coats on through the whole film.",
         "That shouldn’t happen. The heating in the Foundry was being repaired that evening and works again."),
        "answered",
    ),
    Conversation(
        "feedback", "The new seats are wonderful",
        ("Just that. Whoever chose them chose well.",),
        "open",
    ),
    Conversation(
        "other", "A lost scarf, blue with white dots",
        ("I think I left it in row F on Friday.",
         "It is at the box office and waiting for you.",
         "You have made my week."),
        "open",
    ),
)  # fmt: skip
