"""What browsers are told about the pages."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from explorer.serving.headers import FRAMES, SecurityHeaders, policy

SCRIPT = "'sha256-abc='"

# What the setting says, and who may frame the pages.
ANCESTORS: tuple[tuple[dict[str, str], str], ...] = (
    ({}, "'self'"),
    ({FRAMES: ""}, "'self'"),
    ({FRAMES: "https://huggingface.co https://*.hf.space"}, "'self' https://huggingface.co https://*.hf.space"),
    ({FRAMES: "https://a.org; script-src *, https://b.org"}, "'self' https://a.org script-src * https://b.org"),
)


@pytest.mark.parametrize(("environment", "expected"), ANCESTORS)
def test_who_may_frame_the_pages_is_a_setting_that_cannot_change_another_rule(
    environment: dict[str, str], expected: str
) -> None:
    rules = dict(rule.split(" ", 1) for rule in policy(environment, SCRIPT).split("; "))
    assert rules["frame-ancestors"] == expected
    assert rules["script-src"] == f"'self' {SCRIPT}"
    assert rules["default-src"] == "'self'"


def test_every_answer_carries_the_headers_also_a_refusal() -> None:
    def page(_: object) -> PlainTextResponse:
        return PlainTextResponse("a page", headers={"X-Content-Type-Options": "anything"})

    app = Starlette(
        routes=[Route("/", page)], middleware=[Middleware(SecurityHeaders, environment={}, inline_script=SCRIPT)]
    )
    for path, status in (("/", 200), ("/elsewhere", 404)):
        answer = TestClient(app).get(path)
        assert answer.status_code == status
        assert answer.headers["content-security-policy"] == policy({}, SCRIPT)
        assert answer.headers.get_list("x-content-type-options") == ["nosniff"]
        assert answer.headers["referrer-policy"] == "same-origin"
        assert "camera=(self)" in answer.headers["permissions-policy"].split(", ")
