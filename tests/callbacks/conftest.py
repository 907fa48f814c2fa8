"""The served app, made once, and a way to ask it as the page does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from days import TODAY
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import AtlasApp, create_app
from callbacks import ahead

FOLLOWS = ("notice.children", "card.children")


class Client(FlaskClient):
    """Asks as a page of ours does, and reads every answer to its end, as a server does, so that no file stays open."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.environ_base["HTTP_SEC_FETCH_SITE"] = "same-origin"

    def open(self, *args: Any, **more: Any) -> TestResponse:
        return super().open(*args, **{"buffered": True, **more})


@pytest.fixture(autouse=True)
def nothing_ahead(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make no page ahead after a change of the store, but where that is what is tested: it takes five seconds each."""
    if request.module.__name__ != "test_callbacks_once":
        monkeypatch.setattr(ahead, "begin", lambda *given: None)


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> AtlasApp:
    return create_app(data_folder=str(tmp_path_factory.mktemp("store")), today=TODAY)


@pytest.fixture(scope="session")
def follows() -> tuple[str, ...]:
    """Return the outputs of one press."""
    return FOLLOWS


@pytest.fixture
def client(app: AtlasApp) -> FlaskClient:
    return Client(app.server, app.server.response_class)


@pytest.fixture
def press(app: AtlasApp, client: FlaskClient) -> Callable[..., TestResponse]:
    """Return a function that sends what the browser sends after a press, and gives the raw answer."""

    def send(
        outputs: tuple[str, ...], values: dict[str, Any], state: dict[str, Any] | None = None, **more: Any
    ) -> TestResponse:
        def listed(given: dict[str, Any]) -> list[dict[str, Any]]:
            parts = [(*name.split("."), value) for name, value in given.items()]
            return [{"id": id, "property": name, "value": value} for id, name, value in parts]

        names = [dict(zip(("id", "property"), output.split("."), strict=True)) for output in outputs]
        key = f"..{'...'.join(outputs)}.." if len(outputs) > 1 else outputs[0]
        declared = [f"{one['id']}.{one['property']}" for one in app.callback_map.get(key, {"state": []})["state"]]
        body = {
            "output": key,
            "outputs": names if len(names) > 1 else names[0],
            "inputs": listed(values),
            "state": listed(dict.fromkeys(declared, None) | (state or {})),
            "changedPropIds": list(values),
        }
        return client.post("/_dash-update-component", json=body, **more)

    return send


@pytest.fixture
def follow(press: Callable[..., TestResponse]) -> Callable[[Any], dict[str, Any]]:
    """Return a function from a view's query to what Python says of it, by output."""

    def ask(query: Any) -> dict[str, Any]:
        answer = press(FOLLOWS, {"view.data": query})
        assert answer.status_code == 200
        return {id: next(iter(properties.values())) for id, properties in answer.json["response"].items()}

    return ask
