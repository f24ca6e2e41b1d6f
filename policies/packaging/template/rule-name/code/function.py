"""Denies nodes whose id does not begin as it should."""
import logging

from pre_check import AIOSv1PolicyRule, get

LOG = logging.getLogger("aios.policies.rule-name")


def refusal(request, parameters, settings):
    """Why the request is denied; None where it is allowed."""
    prefix = get(parameters, "prefix", str, of="parameters")
    node = get(request, "node_data.id", str)
    if node.startswith(prefix):
        return None
    return f"the id of node {node!r:.80} does not begin with {prefix!r}"
