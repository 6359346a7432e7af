"""Numbers as the office writes them: 4.100 · 80,28% · +1,71 điểm %; a missing value is "–"."""

from __future__ import annotations

from decimal import Decimal

MISSING = "–"
MINUS = "\N{MINUS SIGN}"


def count_text(count: int | None) -> str:
    """A whole number with a dot between thousands."""
    return MISSING if count is None else f"{count:,}".replace(",", ".").replace("-", MINUS)


def decimal_text(value: Decimal | None, *, short: bool = False) -> str:
    """A number with a decimal comma and two decimals; with `short`, without zeros at its end."""
    if value is None:
        return MISSING
    whole, _, rest = f"{value:.2f}".partition(".")
    rest = rest.rstrip("0") if short else rest
    sign, digits = (MINUS, whole[1:]) if whole.startswith("-") else ("", whole)
    return sign + count_text(int(digits)) + (f",{rest}" if rest else "")


def share_text(share: Decimal | None) -> str:
    """A percentage with two decimals, rounded before it came here."""
    return MISSING if share is None else f"{decimal_text(share)}%"


def change_text(change: int | None) -> str:
    """A difference of counts with its sign."""
    if change is None:
        return MISSING
    return f"+{count_text(change)}" if change > 0 else count_text(change)


def points_text(change: Decimal | None) -> str:
    """A difference of shares, in percentage points."""
    if change is None:
        return MISSING
    return f"{'+' if change > 0 else ''}{decimal_text(change)} điểm %"
