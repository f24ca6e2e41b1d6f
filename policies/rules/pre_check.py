"""What the ready-made rules have in common.

`from pre_check import …` in a rule's function.py puts all of this at its end when the rule is packed, tested and run: the
gateway cannot import a second module. A rule that does so defines LOG, and `refusal(request, parameters, settings)`, which
says why a request is denied; None where it is allowed.
"""

REQUIRED = object()
KINDS = {dict: "an object", list: "a list", str: "a text", int: "a whole number", (int, float): "a number"}


class Malformed(Exception):
    """The request or the parameters are not what the rule can decide on."""


def get(data, path, kind, default=REQUIRED, of="request"):
    """The value at a dotted path; raises Malformed where it is missing (without a default) or of another kind."""
    value = data
    for step in path.split("."):
        value = value.get(step) if isinstance(value, dict) else None
    if value is None and default is not REQUIRED:
        return default
    if value is None:
        raise Malformed(f"malformed {of}: {path} is missing")
    if not isinstance(value, kind) or isinstance(value, bool):
        raise Malformed(f"malformed {of}: {path} is not {KINDS[kind]}")
    return value


def texts(data, path, default=REQUIRED, of="request"):
    """The list of texts at a dotted path."""
    values = get(data, path, list, default, of)
    if not all(isinstance(value, str) for value in values or []):
        raise Malformed(f"malformed {of}: {path} is not a list of texts")
    return values


def cluster_path(request):
    """Where the cluster's entry stands: POST /clusters/create passes the entry itself, whatever else is in it."""
    return "" if "id" in request else "cluster_data."


def forwarded(request):
    """What goes on in place of the request: of a node only its data or id, as the gateway sends it to the cluster."""
    if "id" not in request:
        for key in ("node_data", "node_id"):
            if key in request:
                return request[key]
    return request


class AIOSv1PolicyRule:
    def __init__(self, rule_id, settings, parameters):
        self.rule_id = rule_id
        self.settings = settings
        self.parameters = parameters

    def eval(self, parameters, input_data, context):
        try:
            reason = refusal(input_data, self.merged(input_data, parameters), self.settings or {})
        except Malformed as error:
            reason = str(error)
        if reason is None:
            return {"allowed": True, "input_data": forwarded(input_data)}
        # For nodes the gateway answers only "not allowed by policy": its log is where the reason can be found.
        LOG.warning("denied: %s", reason)
        return {"allowed": False, "input_data": reason, "reason": reason}

    def merged(self, input_data, parameters):
        own, given = self.parameters or {}, parameters or {}
        if not isinstance(input_data, dict):
            raise Malformed("malformed request: not an object")
        if not isinstance(own, dict) or not isinstance(given, dict):
            raise Malformed("malformed parameters: not an object")
        return {**own, **given}
