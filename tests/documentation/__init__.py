"""The documentation: its samples run and are typed, links lead somewhere, the site is built."""
