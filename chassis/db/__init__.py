"""The database: connections, transactions, statements, migrations."""
