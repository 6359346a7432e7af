"""Password hashes for tests: the product's own kind, with as little work as it allows."""

from members.accounts.passwords import Argon2id


class QuickArgon2id(Argon2id):
    """A few hundred sign-ins would take minutes with the product's memory and passes."""

    time_cost = 1
    memory_cost = 64
    parallelism = 1
