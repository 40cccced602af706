"""What is known of a name, a word or an error message, for people who ask about one."""
