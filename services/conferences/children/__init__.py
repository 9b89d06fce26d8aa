"""Children as conferences know them, who chairs for them, and what is due."""
