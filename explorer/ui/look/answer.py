"""The answer to a photograph: waited for without freezing the page, then shown with what the network sees of it."""

from __future__ import annotations

import pandas as pd
import streamlit as st
from PIL import Image, ImageDraw

from explorer.formats.colours import YOURS
from explorer.jobs import tasks
from explorer.jobs.ticket import NoAnswerError, Ticket
from explorer.models.lineage import Classifier
from explorer.models.preprocess import Preprocessing
from explorer.ui.shared.escape_markdown import escape_markdown
from explorer.ui.shared.waiting import bar
from explorer.ui.shared.workers import service, visitor
from explorer.vision.classification import Classification
from explorer.vision.images import ImageRejected
from explorer.vision.narrative import answer_sentence, lineage_sentence
from explorer.vision.photograph import PhotographFile, Preview

TOP = 5
POLL_SECONDS = 0.1

_ANSWER, _PENDING = "_answer", "_pending"

Answer = tuple[Classification, Preview]


def look(classifier: Classifier, photograph: PhotographFile) -> Answer | None:
    """What `classifier` says of `photograph`, and what is shown of it; None where there is no answer, and why is said.

    The last answer, or the sentence that refuses the file, is kept for the session and shown again only for the same
    network and photograph.
    """
    key = (classifier, photograph.name, photograph.sha256)
    kept = st.session_state.get(_ANSWER)
    if kept is None or kept[0] != key:
        try:
            found: Answer | str = _wait(_pending(key, photograph), classifier.title)
        except NoAnswerError as error:
            if not isinstance(error.__cause__, ImageRejected):
                st.error(escape_markdown(str(error)), icon=":material/error:")
                st.button("Look again", icon=":material/refresh:")
                return None
            found = str(error)
        kept = st.session_state[_ANSWER] = (key, found)
    if isinstance(kept[1], str):
        st.error(escape_markdown(kept[1]), icon=":material/broken_image:")
        return None
    answer: Answer = kept[1]
    return answer


def _pending(key: tuple[Classifier, str, str], photograph: PhotographFile) -> Ticket[Answer]:
    """The question that waits already, so that it keeps its place when a control changes that it does not need."""
    pending = st.session_state.get(_PENDING)
    if pending is None or pending[0] != key:
        ticket = service().submit(visitor(), tasks.look, key[0], photograph)
        pending = st.session_state[_PENDING] = (key, ticket)
    found: Ticket[Answer] = pending[1]
    return found


def _wait(ticket: Ticket[Answer], title: str) -> Answer:
    """Wait for the answer, with a bar that moves; any change of a control ends the waiting, not the work."""
    place = st.empty()
    while not ticket.wait(POLL_SECONDS):
        with place:
            bar(ticket, f"{title} is looking", "The first answer takes longest, while torch is loaded.")
    place.empty()
    del st.session_state[_PENDING]
    return ticket.result(0)


def render(preview: Preview, sight: Classification) -> None:
    """Three columns: the photograph, the network's own input, its five most probable classes."""
    preprocessing = sight.classifier.preprocessing
    st.markdown(f"**{answer_sentence(sight)}** {escape_markdown(lineage_sentence(sight.classifier))}")
    original, seen, top = st.columns([3, 3, 4])
    with original:
        st.subheader("Photograph")
        framed = _framed(preview.image, preprocessing)
        st.image(framed, width="stretch", alt=f"The photograph {preview.name}, framed")
        width, height = preview.size
        st.caption(" ".join((f"{width} × {height} px. The frame is what the network gets.", *preview.notes)))
    with seen:
        st.subheader("What it sees")
        st.image(sight.seen, width="stretch", alt=f"The part of {preview.name} that the network gets")
        side, how = preprocessing.input_resolution, preprocessing.interpolation
        st.caption(f"{side} × {side} px, resized ({how}) and cropped as its weights were evaluated.")
    with top:
        st.subheader("What it says")
        _predictions(sight)


def _predictions(sight: Classification) -> None:
    rows = [
        {"Class": item.label, "Probability": item.probability * 100, "Logit": float(sight.logits[item.class_index])}
        for item in sight.top(TOP)
    ]
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        column_config={
            "Probability": st.column_config.ProgressColumn(format="%.1f %%", min_value=0, max_value=100),
            "Logit": st.column_config.NumberColumn(format="%.2f", help="The score before softmax."),
        },
    )


def _framed(image: Image.Image, preprocessing: Preprocessing) -> Image.Image:
    """The photograph with a frame around what the network gets of it."""
    shown = image.copy()
    kept = preprocessing.crop * min(shown.size)
    left, top = (shown.width - kept) / 2, (shown.height - kept) / 2
    ImageDraw.Draw(shown).rectangle((left, top, left + kept - 1, top + kept - 1), outline=YOURS, width=4)
    return shown
