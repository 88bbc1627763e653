"""What a link can carry: one state of the explorer, read, clamped, written, and what it builds."""
