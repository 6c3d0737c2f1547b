"""What each kind of letter says, by what it is about; each file ends with the kinds it writes."""
