"""The people of the household, told apart by their voices."""
