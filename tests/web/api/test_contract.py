"""Whatever is sent, the API answers it as its own description says: requests made up from it, right and wrong ones."""

from __future__ import annotations

import json
from urllib.parse import urlencode

import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.core import NotSet

from lamplighter.web.api.urls import api

schema = schemathesis.openapi.from_dict(json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/v1/"))))
EXAMPLES = 15


@schema.parametrize()
@settings(
    max_examples=EXAMPLES, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.filter_too_much],
)  # fmt: skip
def test_any_request_gets_an_answer_in_words_and_no_fault(case, kiosk):
    body = "" if isinstance(case.body, NotSet) else json.dumps(case.body, default=str)
    answer = kiosk.client.generic(
        case.method, case.formatted_path, body, content_type="application/json", headers=kiosk.headers,
        QUERY_STRING=urlencode(case.query or {}, doseq=True),
    )  # fmt: skip
    assert answer.status_code in {200, 401, 403, 404, 405, 409, 422}, answer.content[:500]
    if answer.status_code not in {200, 405} and answer["Content-Type"].startswith("application/json"):
        assert set(answer.json()) == {"code", "message"}
