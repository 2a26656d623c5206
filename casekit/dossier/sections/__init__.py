"""What each kind of exhibit and finding says on paper: from the case's rows to blocks of words."""
