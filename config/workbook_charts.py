"""Native Excel charts over cells that a workbook's sheet already holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from openpyxl.chart import BarChart, LineChart, Reference, Series
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.marker import Marker
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import CharacterProperties, Paragraph, ParagraphProperties
from openpyxl.drawing.text import Font as DrawingFont
from openpyxl.worksheet.worksheet import Worksheet

from config.workbook import FONT

# The same four as on the page: best level first.
COLOURS = ("0B4F6C", "4A90A4", "B9CDD3", "8A5A44")
LIGHT = {"B9CDD3"}
WIDTH, HEIGHT = 15.5, 9.5


@dataclass(frozen=True)
class Cells:
    """A column of a sheet between two rows; `label` names it in the legend."""

    label: str
    column: int
    first: int
    last: int

    def reference(self, sheet: Worksheet) -> Reference:
        """The cells."""
        return Reference(sheet, min_col=self.column, min_row=self.first, max_row=self.last)


def stacked_shares(
    sheet: Worksheet, title: str, names: Cells, parts: Sequence[Cells], *, labelled: int = 2
) -> BarChart:
    """Columns of 100 %, the first part at the bottom; the first `labelled` parts say their share."""
    chart = _columns(sheet, title, names, parts)
    chart.grouping, chart.overlap, chart.gapWidth = "percentStacked", 100, 45
    chart.y_axis.number_format = "0%"
    for series, colour in zip(chart.series[:labelled], COLOURS, strict=False):
        _label(series, "0.0%", "000000" if colour in LIGHT else "FFFFFF")
    return chart


def columns_and_marks(sheet: Worksheet, title: str, names: Cells, counts: Cells, marks: Cells) -> BarChart:
    """Counts as columns, and for each a mark across, such as a target."""
    chart = _columns(sheet, title, names, [counts])
    chart.gapWidth = 70
    chart.y_axis.number_format = "#,##0"
    chart.y_axis.scaling.min = 0
    _label(chart.series[0], "#,##0", "FFFFFF")
    chart.series[0].dLbls.position = "inBase"
    lines = LineChart()
    series = _series(sheet, marks)
    series.marker = Marker(symbol="dash", size=18)
    series.marker.graphicalProperties = GraphicalProperties(solidFill=COLOURS[3])
    series.graphicalProperties = GraphicalProperties(ln=LineProperties(noFill=True))
    _label(series, "#,##0", "000000")
    series.dLbls.position = "t"
    lines.series.append(series)
    chart += lines
    return chart


def _columns(sheet: Worksheet, title: str, names: Cells, parts: Sequence[Cells]) -> BarChart:
    chart = BarChart()
    chart.type, chart.title, chart.style = "col", title, 2
    chart.width, chart.height = WIDTH, HEIGHT
    chart.legend.position = "b"
    # What openpyxl leaves out present versions of Excel read as no axes, and a title on the columns.
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.title.overlay = chart.legend.overlay = False
    chart.x_axis.number_format = "General"
    for part, colour in zip(parts, COLOURS, strict=False):
        series = _series(sheet, part)
        series.graphicalProperties = GraphicalProperties(solidFill=colour)
        chart.series.append(series)
    chart.set_categories(names.reference(sheet))
    chart.title.tx.rich.p[0].r[0].rPr = _characters(1200, bold=True)
    for part in (chart.x_axis, chart.y_axis, chart.legend):
        part.txPr = _text(900)
    chart.y_axis.majorGridlines.spPr = GraphicalProperties(ln=LineProperties(solidFill="D9D9D9"))
    return chart


def _series(sheet: Worksheet, cells: Cells) -> Series:
    return Series(cells.reference(sheet), title=cells.label)


def _label(series: Series, number_format: str, colour: str) -> None:
    labels = DataLabelList()
    labels.showVal = True
    labels.showSerName = labels.showCatName = labels.showLegendKey = labels.showPercent = False
    labels.numFmt, labels.txPr = number_format, _text(800, colour)
    series.dLbls = labels


def _characters(size: int, colour: str = "000000", *, bold: bool = False) -> CharacterProperties:
    return CharacterProperties(sz=size, b=bold, solidFill=colour, latin=DrawingFont(typeface=FONT))


def _text(size: int, colour: str = "000000") -> RichText:
    properties = ParagraphProperties(defRPr=_characters(size, colour))
    return RichText(p=[Paragraph(pPr=properties, endParaRPr=_characters(size, colour))])
