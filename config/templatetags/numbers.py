"""Template filters that write numbers as the office does (config.numbers)."""

from django import template

from config import numbers

register = template.Library()
register.filter("count", numbers.count_text)
register.filter("share", numbers.share_text)
