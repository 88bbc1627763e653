"""The server: `streamlit run app.py`. Its pages are in explorer/ui/pages.py."""

import os

import streamlit as st
from starlette.middleware import Middleware

from explorer.serving import logs
from explorer.serving.headers import SecurityHeaders
from explorer.serving.life import lifespan
from explorer.serving.routes import routes
from explorer.serving.uploads import UploadAllowance
from explorer.ui import failure
from explorer.ui.protocol import VisitorsOnly
from explorer.ui.shared import uploaded, workers

logs.configure(os.environ)

app = st.App(
    "explorer/ui/pages.py",
    lifespan=lifespan(workers.services),
    routes=routes(workers.services, workers.metrics, os.environ, st.get_option("server.baseUrlPath")),
    middleware=[
        Middleware(SecurityHeaders, environment=os.environ),
        Middleware(VisitorsOnly),
        Middleware(UploadAllowance, held=uploaded.held),
    ],
    on_script_error=failure.said,
)
