"""svy on the same rows and the same replicate weights, in a process of its own: seconds, memory and figures."""
