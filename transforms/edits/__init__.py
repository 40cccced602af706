"""How code is edited: arguments, statements, definitions, and the lines that they stand on."""
