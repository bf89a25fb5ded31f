"""What happens beside requests: mail goes out, and what is over is cleared away."""
