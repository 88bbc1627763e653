"""The least that a Streamlit page with the same controls costs: the floor that the app is measured against."""

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

with st.sidebar:
    phi = st.slider("φ: compound coefficient", -3.0, 8.0, 1.0, 0.05)
    alpha, beta, gamma = (st.slider(name, 0.5, 2.5, 1.2, 0.01) for name in "αβγ")
total = (alpha * beta**2 * gamma**2) ** phi
st.title("Bare")
st.metric("Product", f"{total:.4f}")
st.plotly_chart(go.Figure(go.Scatter(x=[1, 2, 3], y=[1, total, 3])))
st.dataframe(pd.DataFrame({"stage": range(9), "value": [total] * 9}))
