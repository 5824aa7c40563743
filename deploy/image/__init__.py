"""What the container image is made of besides the program."""
