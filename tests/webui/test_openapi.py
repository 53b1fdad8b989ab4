"""The description says what the replies are: every key is described, every described key is there."""

import json

import pytest

from webui.params import LONGEST_VALUE, PARAMS

TYPES = {"string": str, "integer": int, "number": (int, float), "boolean": bool, "null": type(None), "array": list, "object": dict}


@pytest.fixture(scope="module")
def described(client):
    return json.loads(client.get("/api/v1/openapi.json").data)


def faults(value, schema, schemas, at="$"):
    """Where a value is not what its schema says; keys the schema does not know are faults too."""
    if "$ref" in schema:
        return faults(value, schemas[schema["$ref"].rpartition("/")[2]], schemas, at)
    if "anyOf" in schema:
        tried = [faults(value, one, schemas, at) for one in schema["anyOf"]]
        return [] if [] in tried else min(tried, key=len)
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if not any(isinstance(value, TYPES[kind]) for kind in kinds):
        return [f"{at}: {value!r} is no {kinds}"]
    if "enum" in schema and value not in schema["enum"]:
        return [f"{at}: {value!r} is none of {schema['enum']}"]
    if isinstance(value, list):
        wrong = [fault for n, one in enumerate(value) for fault in faults(one, schema["items"], schemas, f"{at}[{n}]")]
        return wrong if schema.get("minItems", 0) <= len(value) else [*wrong, f"{at}: too few"]
    if isinstance(value, dict):
        known = schema.get("properties", {})
        rest = schema.get("additionalProperties")
        wrong = [f"{at}.{key} is missing" for key in schema.get("required", []) if key not in value]
        for key, one in value.items():
            if key not in known and rest is None:
                wrong.append(f"{at}.{key} is not described")
            else:
                wrong += faults(one, known.get(key, rest), schemas, f"{at}.{key}")
        return wrong
    return []


@pytest.mark.parametrize(
    ("path", "url"),
    [
        ("/api/v1/search", "/api/v1/search?q=行政复议 年&mode=any&facets=year,region,issuer,section,type,kind&collapse=1"),
        ("/api/v1/search", "/api/v1/search?q=没有这样的话"),
        ("/api/v1/years", "/api/v1/years?q=行政复议"),
        ("/api/v1/corpus", "/api/v1/corpus?expected=table&state=missing&year_from=2020"),
        ("/api/v1/corpus", "/api/v1/corpus?region=unknown"),
        ("/api/v1/corpus", "/api/v1/corpus?state=lost"),
        ("/api/v1/concordance", "/api/v1/concordance?q=行政复议&context=left&page=2"),
        ("/api/v1/suggest", "/api/v1/suggest?q=行政"),
        ("/api/v1/statistics", "/api/v1/statistics?year=2022"),
        ("/api/v1/statistics", "/api/v1/statistics?year=2022&by=year"),
        ("/api/v1/indicators", "/api/v1/indicators"),
        ("/api/v1/instruments", "/api/v1/instruments?year=2022&q=法"),
        ("/api/v1/reports", "/api/v1/reports"),
        ("/api/v1/reports", "/api/v1/reports?q=执法力量&mention=no"),
        ("/api/v1/reports/{id}", "/api/v1/reports/r0"),
        ("/api/v1/reports/{id}", "/api/v1/reports/odd"),
        ("/api/v1/paragraphs/{id}", "/api/v1/paragraphs/r0~1.1.p1"),
        ("/api/v1/search", "/api/v1/search?q=(行政&page=0"),
        ("/api/v1/search", "/api/v1/search"),
        ("/api/v1/reports/{id}", "/api/v1/reports/nope"),
    ],
)
def test_a_reply_is_what_the_description_says(client, described, path, url):
    reply = client.get(url)
    promised = described["paths"][path]["get"]["responses"][str(reply.status_code)]["content"][reply.mimetype]["schema"]
    assert faults(json.loads(reply.data), promised, described["components"]["schemas"]) == []


def test_every_parameter_is_described_with_its_choices(described):
    parameters = described["paths"]["/api/v1/search"]["get"]["parameters"]
    assert [parameter["name"] for parameter in parameters] == [param.name for param in PARAMS]
    assert all(parameter["description"] for parameter in parameters)
    mode = next(parameter["schema"] for parameter in parameters if parameter["name"] == "mode")
    assert all(parameter["allowEmptyValue"] for parameter in parameters)
    query = next(parameter["schema"] for parameter in parameters if parameter["name"] == "q")
    assert query == {"type": "string", "maxLength": 200}
    issuer = next(parameter["schema"] for parameter in parameters if parameter["name"] == "issuer")
    assert issuer["items"] == {"type": "string", "maxLength": LONGEST_VALUE}
    assert mode == {"type": "string", "enum": ["exact", "all", "any", "literal"], "default": "exact"}


def test_it_is_openapi_3_1_with_a_name_for_every_operation(described):
    assert described["openapi"].startswith("3.1")
    # Generated clients are packages of this name.
    assert described["info"]["title"].isascii()
    names = [operation["operationId"] for item in described["paths"].values() for operation in item.values()]
    assert len(set(names)) == len(names)
