"""Showing how sure a figure is: 约, 不到, 超过, 以上, 以内."""

from forms.model import Answer, Bound

_SHOWN: dict[Bound | None, str] = {
    "<": "不到{}",
    ">": "超过{}",
    ">=": "{}以上",
    "<=": "{}以内",
    None: "约{}",
}


def qualified(figure: str, answer: Answer) -> str:
    """The figure as the person qualified it; an exact one as it is."""
    return _SHOWN[answer.bound].format(figure) if answer.approximate or answer.bound else figure
