"""Questions asked of costs and accuracies: sweeps, gaps, equal cost, budgets, recommendations."""
