"""EfficientNet Explorer: what compound scaling (arXiv:1905.11946) really builds.

A network is data (`explorer.network.Network`); its cost, its table, its drawing and its torch
module are readings of that data. Importing this package imports neither torch nor timm.
"""

__version__ = "0.1.0"
