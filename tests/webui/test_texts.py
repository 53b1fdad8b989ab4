"""Templates' texts: parameters are escaped, whatever was shown before."""

import pytest
from markupsafe import Markup

from webui import create_app
from webui.texts import counted, for_scripts, shown


@pytest.fixture(autouse=True)
def request_context(tmp_path):
    with create_app(str(tmp_path)).test_request_context("/"):
        yield


def test_parameters_are_escaped_and_markup_is_not():
    assert shown("检索：%(query)s", query=Markup("<b>")) == "检索：<b>"
    assert shown("检索：%(query)s", query="<b>") == "检索：&lt;b&gt;"
    assert counted("<strong>%(count)s</strong> 份报告提到 %(query)s", 2, query="<b>") == "<strong>2</strong> 份报告提到 &lt;b&gt;"
    assert shown("待核对：%(fields)s", fields=("标题", "<i>")) == "待核对：标题、&lt;i&gt;"


def test_texts_for_scripts_cannot_end_their_element():
    assert "<" not in for_scripts()
