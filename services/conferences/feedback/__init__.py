"""What children, families, carers and professionals say about conferences."""
