"""Tables and rules of the domain; true with the screen off."""
