"""Mail taken apart: headers, words, dates, addresses, parts, identity and threads, without one guess hidden."""
