"""What several pages share: their state, the sidebar, figures, waiting, workers."""
