"""The form that triggers a workflow: its fields, from the schema of the data, and the request that it sends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias
from urllib.parse import quote

from pydantic_core import to_json

from ....._core.type_guards import is_array, is_object
from ....http.exchange import ConnectionDropped, HTTPRequest
from ....state.json_text import parse_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ....state.json_objects import JSON
    from ..page_request import PageRequest

FieldKind: TypeAlias = Literal["text", "number", "boolean", "enum", "json"]

_KINDS: Mapping[str, FieldKind] = {"string": "text", "number": "number", "integer": "number", "boolean": "boolean"}
_MOST_FIELDS = 60
_SUCCESS = 200
_FIELDS = ("recipients", "actor", "tenant", "cancellation_key")
_KEY = "sk_test_page"


class DataField(NamedTuple):
    """A field for a property of the data."""

    name: str
    """Name of the property."""
    kind: FieldKind
    required: bool
    hint: str
    choices: tuple[str, ...]
    """Values of an enumeration, as JSON."""
    value: str
    """What was typed or, at first, the default of the schema."""

    @property
    def input(self) -> str:
        """Name of the input."""
        return f"data.{self.name}"


class TriggerForm:
    """The form: what was typed, and the problems of what was typed."""

    def __init__(self, schema: JSON | None, typed: Mapping[str, str], example: JSON) -> None:
        """Make the form of a workflow.

        Args:
            schema: JSON schema of the data, or None.
            typed: What was typed; empty at first.
            example: Data of an earlier trigger.
        """
        self._typed = typed
        self.problems: dict[str, str] = {}
        """Problems by the name of the input; that of the whole form has an empty name."""
        self.fields: list[DataField] = list(_fields_of(schema, typed, example))
        self.takes_more: bool = schema is None or not self.fields or schema.get("additionalProperties") is not False
        """Whether further data can be given as JSON."""
        self.example: str = to_json(example, indent=2, fallback=str).decode("utf-8", "replace") if example else ""

    def value(self, name: str) -> str:
        """Return what was typed into an input."""
        return self._typed.get(name, "")

    @property
    def data(self) -> str:
        """The text of the field for JSON: what was typed or, at first, an example."""
        return self._typed.get("data", self.example if not self.fields else "")


def _fields_of(schema: JSON | None, typed: Mapping[str, str], example: JSON) -> Iterator[DataField]:
    properties = (schema or {}).get("properties")
    if not is_object(properties) or len(properties) > _MOST_FIELDS:
        return
    required: Any = (schema or {}).get("required")
    for name, given in properties.items():
        stated: JSON = given if is_object(given) else {}
        choices: Any = stated.get("enum")
        kind: FieldKind = "enum" if is_array(choices) else _KINDS.get(str(stated.get("type")), "json")
        before = example.get(name, stated.get("default"))
        value = typed.get(f"data.{name}", "") if typed else _show(before, kind)
        listed = tuple(map(_to_text, choices)) if is_array(choices) else ()
        is_required = is_array(required) and name in required
        yield DataField(name, kind, is_required, str(stated.get("description") or ""), listed, value)


def _show(value: Any, kind: FieldKind) -> str:
    """Return a value as it stands in its field."""
    if value is None:
        return ""
    return value if kind == "text" and isinstance(value, str) else _to_text(value)


def _to_text(value: Any) -> str:
    return to_json(value, fallback=str).decode("utf-8", "replace")


def read_form(form: TriggerForm) -> JSON | None:
    """Return the body of the request that a form describes; None if it has problems, which are noted in it."""
    body: JSON = {"recipients": list(_read_recipients(form))}
    if not body["recipients"] and "recipients" not in form.problems:
        form.problems["recipients"] = "Name at least one recipient: an id in a line."
    for name in ("actor", "tenant", "cancellation_key"):
        if text := form.value(name).strip():
            body[name] = _read_party(form, name, text) if name != "cancellation_key" else text
    data = _read_more(form)
    for field in form.fields:
        if field.value.strip():
            data[field.name] = _read_field(form, field)
    if data:
        body["data"] = data
    return None if form.problems else body


def _read_recipients(form: TriggerForm) -> Iterator[Any]:
    for line in form.value("recipients").splitlines():
        if text := line.strip():
            yield _read_party(form, "recipients", text)


def _read_party(form: TriggerForm, name: str, text: str) -> Any:
    """Return a recipient, an actor or a tenant: an id, or the object that a text in JSON stands for."""
    if not text.startswith("{"):
        return text
    try:
        return parse_json(text)
    except ValueError as error:
        form.problems[name] = f"This begins with a brace and is not JSON: {error}"
        return None


def _read_more(form: TriggerForm) -> JSON:
    text = form.data.strip() if form.takes_more else ""
    if not text:
        return {}
    try:
        value: Any = parse_json(text)
    except ValueError as error:
        form.problems["data"] = f"This is not JSON: {error}"
        return {}
    if not is_object(value):
        form.problems["data"] = 'The data must be a JSON object, such as {"amount": 5}.'
        return {}
    return dict(value)


def _read_field(form: TriggerForm, field: DataField) -> Any:
    text = field.value
    if field.kind == "text":
        return text
    try:
        value: Any = parse_json(text.strip())
    except ValueError:
        form.problems[field.input] = {
            "boolean": "Takes true or false.",
            "enum": "Takes one of the listed values.",
            "json": 'Takes JSON, such as {"amount": 5}, ["a"] or "text".',
            "number": "Takes a number, such as 5 or 2.5.",
        }[field.kind]
        return None
    if field.kind == "number" and (isinstance(value, bool) or not isinstance(value, int | float)):
        form.problems[field.input] = "Takes a number, such as 5 or 2.5."
    return value


def send(page: PageRequest, key: str, body: JSON, form: TriggerForm) -> str | None:
    """Trigger a workflow through the API; return the id of the trigger, or None, with its problems noted."""
    api_key = f"{_KEY}@{page.environment}" if page.environment else _KEY
    headers = [
        (b"authorization", f"Bearer {api_key}".encode("latin-1", "replace")),
        (b"content-type", b"application/json"),
        (b"user-agent", b"knock-sdk local page"),
    ]
    target = f"/v1/workflows/{quote(key, safe='')}/trigger"
    try:
        response = page.simulator.handle(HTTPRequest("POST", target, headers, to_json(body)))
    except ConnectionDropped:
        form.problems[""] = "A declared fault has dropped the connection."
        return None
    answer = _decode(response.body)
    if response.status == _SUCCESS and isinstance(found := answer.get("workflow_run_id"), str):
        return found
    _note_problems(form, response.status, answer)
    return None


def _decode(body: bytes) -> JSON:
    try:
        value: Any = parse_json(body)
    except ValueError:
        return {}
    return value if is_object(value) else {}


def _note_problems(form: TriggerForm, status: int, answer: JSON) -> None:
    """Note the errors of a response at the fields that they are about."""
    errors = answer.get("errors")
    for error in errors if is_array(errors) else ():
        if is_object(error):
            path, message = str(error.get("field")), str(error.get("message"))
            name = _input_for(form, path, message)
            form.problems[name] = f"{form.problems[name]} {message}" if name in form.problems else f"{path} {message}"
    if not form.problems:
        text = answer.get("message") or "the response was no error of the API, as a declared fault can cause"
        name = str(answer.get("code")).partition("_")[0]  # as in actor_missing
        said = f"The API responded with {status} {answer.get('code') or ''}: {text}"
        form.problems[name if name in _FIELDS else ""] = said


def _input_for(form: TriggerForm, path: str, message: str) -> str:
    """Return the name of the input that an error is about."""
    for field in form.fields:
        missing = path == "data" and f"{field.name!r} is a required property" in message
        if missing or path == field.input or path.startswith(f"{field.input}."):
            return field.input
    root = path.partition(".")[0]
    if root == "data" and form.takes_more:
        return "data"
    return root if root in _FIELDS else ""
