"""`tertulia doctor`: everything that a debate needs, tried for real, and how to mend what fails."""
