"""How Tertulia is deployed and looked after."""
