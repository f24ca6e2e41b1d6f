"""Lets in only clusters whose id and region are on a list."""
import logging
from fnmatch import fnmatchcase

from pre_check import AIOSv1PolicyRule, Malformed, cluster_path, get, texts

LOG = logging.getLogger("aios.policies.allowed-clusters")


def refusal(request, parameters, settings):
    """Why the request is denied; None where it is allowed."""
    clusters = texts(parameters, "clusters", None, of="parameters")
    regions = texts(parameters, "regions", None, of="parameters")
    if clusters is None and regions is None:
        raise Malformed("malformed parameters: clusters and regions are both missing")
    at = cluster_path(request)
    # DELETE /clusters/delete passes nothing but the id.
    cluster = get(request, "cluster_id" if set(request) == {"cluster_id"} else f"{at}id", str)
    if clusters is not None and not on_list(cluster, clusters):
        return f"cluster {cluster!r:.80} is not on the list of allowed clusters"
    if regions is None:
        return None
    region = get(request, f"{at}regionId", str)
    if on_list(region, regions):
        return None
    return f"region {region!r:.80} of cluster {cluster!r:.80} is not on the list of allowed regions"


def on_list(name, patterns):
    return any(fnmatchcase(name, pattern) for pattern in patterns)
