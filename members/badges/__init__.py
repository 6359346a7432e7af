"""Party badges and discipline: who becomes due when, rounds from the list to the award, decisions and their effects."""
