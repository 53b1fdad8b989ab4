"""Levels of issuers by their names."""

import pytest

from indexer.levels import level_of


@pytest.mark.parametrize(
    ("issuer", "level"),
    [
        ("辽宁省人民政府", "省"),
        ("北京市", "省"),
        ("阜新市人民政府", "市"),
        ("延边朝鲜族自治州", "市"),
        ("阜新蒙古族自治县", "县"),
        ("阜蒙县人民政府", "县"),
        ("北京市海淀区人民政府", "县"),
        ("无名县", "县"),
        ("海州区", "县"),
        ("鼓楼区人民政府", "县"),
        ("江都市人民政府", "县"),
        ("铜仁地区行政公署", "市"),
        ("铜仁地区", "市"),
        ("中共彰武县委", "县"),
        ("阜蒙县司法局", "部门"),
        ("彰武县人民政府办公室", "部门"),
        ("彰武县卫生健康委员会", "部门"),
        ("中共阜新市委全面依法治市委员会办公室", "部门"),
        ("大固本镇人民政府", "乡镇"),
        ("阜蒙县于寺镇", "乡镇"),
        ("红帽子乡", "乡镇"),
        ("海州区和平街道办事处", "街道"),
        ("和平街道", "街道"),
        ("某某", None),
        (None, None),
    ],
)
def test_the_level_of_an_issuer_is_read_from_its_name(issuer, level):
    assert level_of(issuer) == level
