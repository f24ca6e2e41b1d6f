"""Limits how many blocks a cluster may run, and how many instances a block may grow to."""
import json
import logging
import urllib.request

from pre_check import AIOSv1PolicyRule, Malformed, cluster_path, get

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
