"""Children: who they are, who works with them, who may see their record."""
