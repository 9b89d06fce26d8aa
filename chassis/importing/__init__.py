"""Imports of files: read within limits, checked row by row, written whole or not at all."""
