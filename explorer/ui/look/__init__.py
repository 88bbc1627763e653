"""The views of the Look page: one file each."""
