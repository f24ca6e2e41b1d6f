"""Lets in only clusters whose id begins with their region."""
import logging

from pre_check import AIOSv1PolicyRule, get

LOG = logging.getLogger("aios.policies.region-in-id")


def refusal(request, parameters, settings):
    """Why the request is denied; None where it is allowed."""
    beginning = get(request, "regionId", str) + get(parameters, "separator", str, "-", of="parameters")
    cluster = get(request, "id", str)
    if cluster.startswith(beginning):
        return None
    return f"the id of cluster {cluster!r:.80} does not begin with {beginning!r:.80}"
