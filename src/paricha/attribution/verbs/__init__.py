"""What can be done from the observation to the door: one module for each part of the road."""
