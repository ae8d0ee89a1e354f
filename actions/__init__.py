"""Every verb that changes a record: permission first, one transaction, one audit entry."""
