"""The server: `streamlit run app.py`. Its pages are in explorer/ui/pages.py."""

import os

import streamlit as st
from starlette.middleware import Middleware

from explorer.serving import logs
from explorer.serving.headers import SecurityHeaders
from explorer.serving.life import lifespan
from explorer.serving.routes import routes
from explorer.serving.uploads import UploadAllowance
from explorer.ui import failure, streamlit_internals
from explorer.ui.protocol import VisitorsOnly
from explorer.ui.shared import workers

logs.configure(os.environ)

app = st.App(
    "explorer/ui/pages.py",
    lifespan=lifespan(workers.services),
    routes=routes(workers.services, workers.metrics, os.environ, st.get_option("server.baseUrlPath")),
    middleware=[
        Middleware(SecurityHeaders, environment=os.environ, inline_script=streamlit_internals.INLINE_SCRIPT),
        Middleware(VisitorsOnly),
        Middleware(UploadAllowance, held=streamlit_internals.uploaded_bytes, path=streamlit_internals.UPLOADS),
    ],
    on_script_error=failure.said,
)
