"""Which programmes for whom, with which money: the best plan, its proof and its prices, and what-if."""
