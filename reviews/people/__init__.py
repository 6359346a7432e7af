"""The lists of people: members of a day, candidates, who has left; their filters, columns, pages and Excel."""
