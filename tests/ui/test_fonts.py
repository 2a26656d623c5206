from __future__ import annotations

from PySide6.QtGui import QFont, QFontMetricsF
from PySide6.QtWidgets import QApplication

from casekit.ui import fonts


def test_the_faces_come_from_the_packages_and_weights_differ(dressed: QApplication) -> None:
    fonts.load_cjk()
    for family in (fonts.SANS, fonts.MONO, fonts.SERIF, fonts.CJK):
        assert fonts.available(family)
    regular = QFontMetricsF(fonts.sans(40)).horizontalAdvance("Explain")
    assert QFontMetricsF(fonts.sans(40, fonts.SEMIBOLD)).horizontalAdvance("Explain") > regular
    digits = QFontMetricsF(fonts.figures(40))
    assert digits.horizontalAdvance("1111") == digits.horizontalAdvance("8888")
    assert fonts.mono().isFeatureSet(QFont.Tag("calt"))
    assert fonts.serif().pixelSize() == 15
    assert fonts.label().pixelSize() == 11


def test_a_face_that_somebody_changes_is_no_other_ones(dressed: QApplication) -> None:
    fonts.sans(13).setPixelSize(40)
    assert fonts.sans(13).pixelSize() == 13
    fonts.figures(13)
    assert not fonts.sans(13).isFeatureSet(QFont.Tag("tnum"))
