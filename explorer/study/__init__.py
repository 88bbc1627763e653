"""The paper's grid search for α, β and γ, and its comparison of scaling methods, run for real."""
