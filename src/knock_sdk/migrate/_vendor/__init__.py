"""What the vendor's package has: names and methods, as data."""
