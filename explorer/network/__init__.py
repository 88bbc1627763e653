"""A network as data: the tables that are scaled, the rule that scales them, and the layers that result."""
