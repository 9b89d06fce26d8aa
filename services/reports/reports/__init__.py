"""Reports: begun, written, reviewed, approved and published."""
