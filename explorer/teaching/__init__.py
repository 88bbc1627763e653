"""The paper's chapters and the lessons, as numbers and sentences. No Streamlit here."""
