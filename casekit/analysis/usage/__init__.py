"""Usage analytics: what an API log shows of coordinated collection, each analytic beside its control."""
