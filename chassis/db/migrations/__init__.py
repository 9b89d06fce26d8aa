"""The numbered history of the chassis's own tables, which every service's database holds."""
