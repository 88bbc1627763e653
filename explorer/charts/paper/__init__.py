"""The paper's figures and tables as charts, drawn from what `explorer.teaching.paper` computes."""
