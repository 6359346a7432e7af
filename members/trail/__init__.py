"""The audit trail as it is read: searched, told in words, verified, archived; members.audit writes it."""
