"""Lets in only nodes whose GPUs, memory, vCPUs and storage are within bounds."""
import logging
from fnmatch import fnmatchcase

LOG = logging.getLogger("aios.policies.node-resources")

NUMBER = (int, float)
TOTALS = {
    "gpus": ("gpus.count", "GPUs"),
    "memory": ("memory", "MB of memory"),
    "vcpus": ("vcpus.count", "vCPUs"),
    "storage": ("storage.size", "MB of storage"),
}


def refusal(request, parameters, settings):
    """Why the request is denied; None where it is allowed."""
    known = [*TOTALS, "gpu_memory", "gpu_models"]
    if not any(name in parameters for name in known):
        raise Malformed(f"malformed parameters: none of {', '.join(known)} is given")
    get(request, "node_data", dict)
    wrong = []
    for name, (path, unit) in TOTALS.items():
        if name in parameters:
            wrong += outside(parameters, name, get(request, f"node_data.{path}", NUMBER), f"the node has %s {unit}")
    for gpu in gpus_of(request, parameters):
        if "gpu_memory" in parameters:
            wrong += outside(parameters, "gpu_memory", get(gpu, "memory", NUMBER), "a GPU has %s MB of memory")
        wrong += unwanted(gpu, parameters)
    return "; ".join(dict.fromkeys(wrong)) or None


def outside(parameters, name, value, text):
    bounds = get(parameters, name, dict, of="parameters")
    low, high = (get(bounds, key, NUMBER, None, of="parameters") for key in ("min", "max"))
    if low is not None and not value >= low:
        return [f"{text % value}, at least {low} are wanted"]
    if high is not None and not value <= high:
        return [f"{text % value}, at most {high} are allowed"]
    return []


def gpus_of(request, parameters):
    """The node's GPUs one by one, where a parameter looks at them. A node must not hide some."""
    if "gpu_memory" not in parameters and "gpu_models" not in parameters:
        return []
    gpus = get(request, "node_data.gpus.gpus", list, [])
    count = get(request, "node_data.gpus.count", int)
    if len(gpus) != count:
        raise Malformed(f"malformed request: node_data.gpus counts {count} GPUs and lists {len(gpus)}")
    return gpus


def unwanted(gpu, parameters):
    models = texts(parameters, "gpu_models", None, of="parameters")
    if models is None:
        return []
    model = get(gpu, "modelName", str)
    return [] if any(fnmatchcase(model, pattern) for pattern in models) else [f"GPU model {model!r:.80} is not allowed"]


# From here on every rule is the same: a rule is one file, since modules beside function.py cannot be imported.

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
