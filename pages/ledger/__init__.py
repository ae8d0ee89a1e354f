"""The ledger, one problem, raising one."""
