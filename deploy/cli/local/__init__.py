"""`tertulia up --local`: workers and bots on this machine, looked after by one process."""
