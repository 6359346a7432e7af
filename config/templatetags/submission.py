"""The tag that marks a form, beside {% csrf_token %}, so that sent twice it acts once (config.submissions)."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from config.submissions import FIELD, new_token

register = template.Library()


@register.simple_tag
def submission() -> SafeString:
    """A hidden field with a token of its own; browsers are not to fill in that of an earlier page."""
    return format_html('<input type="hidden" name="{}" value="{}" autocomplete="off">', FIELD, new_token())
