"""What is compared: each a program that holds debates with a model server, alone on its core."""
