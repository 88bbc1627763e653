"""What several tests share: oracles, samples, visitors, conditions to wait for."""
