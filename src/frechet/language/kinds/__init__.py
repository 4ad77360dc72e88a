"""What names stand for: habits, the search for kinds that fit, what is odd, what has to be asked."""
