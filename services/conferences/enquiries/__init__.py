"""What asks for a first conference: enquiries, and transfers in."""
