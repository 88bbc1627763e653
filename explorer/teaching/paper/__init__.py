"""What the paper's chapters compute from published numbers and our own counts, and say of them. No Streamlit here."""
