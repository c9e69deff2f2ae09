"""What an officer sees of the record: the list of tips, a tip, a selector, a group, search."""
