"""What policies ask that no domain has alone: who follows or blocks whom, who is in a group, what was withdrawn, an owner's grant."""
