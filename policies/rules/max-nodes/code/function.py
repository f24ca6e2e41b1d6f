"""Limits how many nodes a cluster may have."""
import logging

from pre_check import AIOSv1PolicyRule, Malformed, cluster_path, get

LOG = logging.getLogger("aios.policies.max-nodes")


def refusal(request, parameters, settings):
    """Why the request is denied; None where it is allowed."""
    at = cluster_path(request)
    cluster = get(request, f"{at}id", str)
    limit = limit_of(cluster, parameters)
    count, members = nodes_of(request, f"{at}nodes")
    if at == "" or set(request) == {"cluster_data"}:
        if count <= limit:
            return None
        return f"cluster {cluster!r:.80} would start with {count} nodes, {limit} are allowed"
    if get(request, "node_data.id", str) in members or count < limit:
        return None
    return f"cluster {cluster!r:.80} has {count} nodes, {limit} are allowed"


def limit_of(cluster, parameters):
    own = get(parameters, "clusters", dict, {}, of="parameters")
    if cluster in own:
        return get({"limit": own[cluster]}, "limit", int, of="parameters")
    return get(parameters, "max", int, of="parameters")


def nodes_of(request, path):
    """How many nodes the entry counts or lists, whichever is more, and their ids. The list's name has two spellings."""
    nodes = get(request, path, dict)
    lists = [get(nodes, key, list, None) for key in ("nodeData", "nodesData")]
    count = get(nodes, "count", int, None)
    if count is None and lists == [None, None]:
        raise Malformed(f"malformed request: {path}.count is missing")
    members = [node for nodes in lists for node in nodes or [] if isinstance(node, dict)]
    ids = {get(node, "id", str, None) or get(node, "nodeId", str, None) for node in members}
    return max(count or 0, len(members)), ids
