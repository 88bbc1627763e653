"""EfficientNet Explorer: what compound scaling (arXiv:1905.11946) really builds.

A network is data (`explorer.network.description.Network`); its cost, its table, its drawing and its torch
module are readings of that data. Importing this package imports neither torch nor timm.
"""

import os

# Set before ONNX Runtime is first imported: left to itself it keeps a name for this device on disk and reports to its
# maker.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

__version__ = "0.1.0"
