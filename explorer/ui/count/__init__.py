"""The Count page: one question each, and only the chosen one is computed."""
