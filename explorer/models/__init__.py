"""Networks that compute. `build`, `weights` and `worker` import torch; the rest of the package does not."""
