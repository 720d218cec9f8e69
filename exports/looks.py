"""How the tables of a notice look on paper: the fonts official tables are set in."""

from workbooks import Style

ATTACHMENT = Style(font="黑体", size=14)
TITLE = Style(font="宋体", size=20, bold=True, align="center")
LINE = Style(font="宋体", size=12)
HEADER = Style(font="黑体", size=11, align="center", border=True, wrap=True)
TEXT = Style(font="宋体", size=11, border=True, wrap=True)
CENTERED = Style(font="宋体", size=11, align="center", border=True, wrap=True)
NUMBER = Style(font="宋体", size=11, align="right", border=True, shrink=True)
FIGURE = Style(font="宋体", size=11, align="center", border=True, shrink=True)
SUM = Style(font="宋体", size=11, bold=True, align="right", border=True, shrink=True)
SUM_LABEL = Style(font="宋体", size=11, bold=True, align="center", border=True, wrap=True)
NOTE = Style(font="宋体", size=11, wrap=True)

LINE_HEIGHT = 15.0
"""Points a line of 11-point text takes."""
