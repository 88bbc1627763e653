"""Data in, plotly figures out. Nothing here knows Streamlit."""
