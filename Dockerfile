# For a Hugging Face Space (sdk: docker, app_port: 8501) or any server:
#   docker build -t efficientnet-explorer .
#   docker run --rm -p 8501:8501 efficientnet-explorer
# A smaller image: give PyTorch's index of CPU wheels (see its installation page) as
#   --build-arg TORCH_INDEX=URL
# Without it the wheels of the default index are installed, which carry CUDA (5.5 GB).
FROM python:3.11-slim

ARG TORCH_INDEX=""
ENV PYTHONUNBUFFERED=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1

RUN useradd --create-home --uid 1000 explorer
WORKDIR /home/explorer/app

COPY requirements.txt .
RUN pip install ${TORCH_INDEX:+--index-url "$TORCH_INDEX"} \
        $(grep -E '^(torch|torchvision)==' requirements.txt) \
    && pip install -r requirements.txt

COPY --chown=explorer . .
USER explorer
# B0, from the first that answers; without it the app starts all the same, and says what is missing.
RUN python -m explorer weights fetch b0 || true
# Weights to carry in the image besides these and those that are installed, by the names of `python -m explorer weights list`:
#   --build-arg WEIGHTS="tf_efficientnet_b0.ns_jft_in1k tf_efficientnet_b1.ns_jft_in1k"
ARG WEIGHTS=""
RUN for name in $WEIGHTS; do python -m explorer weights fetch "$name" || exit 1; done
EXPOSE 8501

HEALTHCHECK --start-period=60s CMD python -c "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8501/health')"

# Inside a Space (which sets SPACE_ID) the page is an iframe of another site, where the browser withholds the XSRF
# cookie and uploads would be refused; the app has no accounts that such a request could misuse.
CMD ["sh", "-c", "\
    if [ -n \"$SPACE_ID\" ]; then \
        export STREAMLIT_SERVER_ENABLE_XSRF_PROTECTION=false EXPLORER_FRAME_ANCESTORS='https://huggingface.co'; \
    fi; \
    exec streamlit run app.py --server.address=0.0.0.0 --server.port=8501"]
