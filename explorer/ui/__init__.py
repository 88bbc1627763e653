"""The pages. Streamlit lives here, in app.py, and nowhere else."""
