"""Limits how many blocks a cluster may run, and how many instances a block may grow to."""
import json
import logging
import urllib.request

LOG = logging.getLogger("aios.policies.block-quota")

SECONDS_TO_ANSWER = 5


def refusal(request, parameters, settings):
    """Why the request is denied; None where it is allowed."""
    instances = get(parameters, "max_instances", int, None, of="parameters")
    cluster = get(request, f"{cluster_path(request)}id", str)
    limit = limit_of(cluster, parameters)
    if limit is None and instances is None:
        raise Malformed("malformed parameters: max_blocks and max_instances are both missing")
    block = get(request, "block_data", dict)
    if instances is not None and get(block, "maxInstances", int) > instances:
        return f"the block may grow to {block['maxInstances']} instances, {instances} are allowed"
    if limit is None:
        return None
    count = counted(cluster, limit, settings)
    if count is None:
        return f"the blocks of cluster {cluster!r:.80} could not be counted: the blocks registry does not answer"
    return None if count < limit else f"cluster {cluster!r:.80} has its {limit} blocks"


def limit_of(cluster, parameters):
    own = get(parameters, "clusters", dict, {}, of="parameters")
    if cluster in own:
        return get({"limit": own[cluster]}, "limit", int, of="parameters")
    return get(parameters, "max_blocks", int, None, of="parameters")


def counted(cluster, limit, settings):
    """How many blocks the cluster has, no further than the limit; None where that cannot be found out."""
    if limit <= 0:
        return 0
    url = get(settings, "blocks_registry", str, of="settings")
    try:
        return blocks_in(url, cluster, limit)
    except (OSError, ValueError) as error:
        LOG.warning("%s: %s", url, error)
        return None


def blocks_in(url, cluster, limit):
    """Asks the blocks registry, since the request does not tell."""
    body = json.dumps({"query": {"cluster.id": cluster}, "options": {"limit": limit}}).encode()
    request = urllib.request.Request(f"{url}/blocks/query", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=SECONDS_TO_ANSWER) as response:
        answer = json.load(response)
    blocks = answer.get("data") if isinstance(answer, dict) else answer
    if not isinstance(blocks, list):
        raise ValueError("the answer is no list of blocks")
    return len(blocks)


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
