"""Mathematical text: product signs that were left out, sums with signs of their own."""
