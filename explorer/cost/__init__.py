"""What a network costs, counted from its description: parameters, multiply-adds, activations, memory, time."""
