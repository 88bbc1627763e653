"""From the bytes of a photograph to a network's answer and the evidence for it."""
