"""The server around the pages: its start and its end, its health, its numbers, its log, its headers."""
