"""What happens around every request: ids, errors and, from lesson 2, who is asking."""
