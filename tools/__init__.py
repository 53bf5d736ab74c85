"""What runs on the host: the virtual board, the bench, and the scripts of the Makefile."""
