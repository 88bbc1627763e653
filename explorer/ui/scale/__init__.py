"""The parts of page Scale."""
