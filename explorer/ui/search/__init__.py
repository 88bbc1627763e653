"""The Search page: what a study has measured, and a study of one's own."""
