"""Who a child is, as the children service owns it and every other service keeps a replica of it."""
