"""Which widgets a run of the page has drawn: Streamlit forgets the others, and draws them later at their lowest."""

from __future__ import annotations

from streamlit.runtime.scriptrunner import get_script_run_ctx


def keys() -> frozenset[str]:
    """The keys of the widgets drawn so far in this run.

    This reads a private part of Streamlit 1.67 (`ScriptRunContext.shared`); tests/ui/shared/test_drawn.py says what to
    do where another version has it no more.
    """
    context = get_script_run_ctx()
    return frozenset() if context is None else context.shared.widget_user_keys_this_run.snapshot()
