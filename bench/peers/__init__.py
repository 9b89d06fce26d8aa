"""The same work as others do it: each peer as its own documentation shows it, without tokens, roles or an audit."""
