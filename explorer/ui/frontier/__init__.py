"""Parts of page Frontier."""
