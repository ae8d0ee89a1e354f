"""What every page stands in: who is there, the menu, the look, what an action answered."""
