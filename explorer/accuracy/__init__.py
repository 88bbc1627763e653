"""ImageNet accuracy as a function of what has been built, fitted to the paper's published points."""
