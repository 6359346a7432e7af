"""Model fields for Vietnamese text and dates: NFC at the door, keys in byte order, precision of a date."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any

from django.db import models

from members.identifiers import card_digits
from members.partial_dates import Precision
from members.text import are_lines, fold, name_sort_key, nfc, one_line, search_text, text_sort_key


class LineField(models.CharField):
    """One line of text: NFC, single blanks, none at the ends; an unknown value is the empty string."""

    def __init__(self, *args: Any, max_length: int = 255, **kwargs: Any) -> None:
        kwargs["max_length"] = max_length
        super().__init__(*args, **kwargs)

    def to_python(self, value: Any) -> Any:
        return one_line(value) if isinstance(value, str) else super().to_python(value)

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = self.to_python(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, value)
        return value

    def pre_save_all(self, rows: Sequence[Any]) -> list[Any]:
        """The same for many new rows: most texts are as they should be (config.bulk asks)."""
        values = list(map(attrgetter(self.attname), rows))
        if set(map(type, values)) == {str} and self._are_settled(values):
            return values
        return [self.pre_save(row, True) for row in rows]

    def _are_settled(self, texts: list[str]) -> bool:
        """Whether all are as they should be, found out of all together; False where it isn't sure."""
        return are_lines(texts)


class CardNumberField(LineField):
    """The number of a membership card, by its digits however it is written."""

    def __init__(self, *args: Any, max_length: int = 20, **kwargs: Any) -> None:
        super().__init__(*args, max_length=max_length, **kwargs)

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)
        return card_digits(value) if isinstance(value, str) else value

    def _are_settled(self, texts: list[str]) -> bool:
        together = "".join(texts)
        return together == "" or (together.isascii() and together.isdigit())


class NoteField(models.TextField):
    """Text of several lines in NFC."""

    def to_python(self, value: Any) -> Any:
        return nfc(value) if isinstance(value, str) else super().to_python(value)

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return nfc(value) if isinstance(value, str) else value


class KeyField(models.CharField):
    """Text that is compared byte by byte, so that both databases order it alike whatever their locale."""

    def db_parameters(self, connection: Any) -> dict[str, Any]:
        parameters = super().db_parameters(connection)
        parameters["collation"] = "C" if connection.vendor == "postgresql" else "BINARY"
        return parameters


class DerivedKeyField(KeyField):
    """A key that is computed from another column of the row whenever the row is saved."""

    derive: Callable[..., str]

    def __init__(self, *args: Any, source: str, **kwargs: Any) -> None:
        self.source = source
        kwargs.setdefault("max_length", 400)
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "source": self.source}

    @property
    def sources(self) -> tuple[str, ...]:
        """The columns that it is computed from."""
        return (self.source,)

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        texts = [getattr(model_instance, name) for name in self.sources]
        key = type(self).derive(*texts)[: self.max_length]
        setattr(model_instance, self.attname, key)
        return key


class NameSortKeyField(DerivedKeyField):
    """Orders people: given name, then middle, then family name."""

    derive = staticmethod(name_sort_key)


class TextSortKeyField(DerivedKeyField):
    """Orders other names, from left to right."""

    derive = staticmethod(text_sort_key)


class FoldField(DerivedKeyField):
    """What a search without accents is matched against."""

    derive = staticmethod(fold)


class SearchTextField(DerivedKeyField):
    """All the words that a person is found by, out of several columns (the first one named by `source`)."""

    derive = staticmethod(search_text)

    def __init__(self, *args: Any, source: str, others: Sequence[str], **kwargs: Any) -> None:
        self.others = tuple(others)
        super().__init__(*args, source=source, **{"max_length": 1200} | kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "others": self.others}

    @property
    def sources(self) -> tuple[str, ...]:
        return (self.source, *self.others)


class Holds(models.Lookup):
    """Whether the column holds a text somewhere: `field__holds=text`, byte by byte, served by a SearchIndex."""

    lookup_name = "holds"

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        column, parameters = self.process_lhs(compiler, connection)
        if connection.vendor == "postgresql":
            pattern = f"%{connection.ops.prep_for_like_query(self.rhs)}%"
            return f"{column} LIKE %s", [*parameters, pattern]
        return f"instr({column}, %s) > 0", [*parameters, self.rhs]


SearchTextField.register_lookup(Holds)


class PrecisionField(models.CharField):
    """How much of the date beside it is known; the date column then holds the first day of the period."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 5)
        kwargs.setdefault("choices", Precision.choices)
        kwargs.setdefault("default", Precision.DAY)
        kwargs.setdefault("verbose_name", "độ chính xác của ngày")
        super().__init__(*args, **kwargs)
