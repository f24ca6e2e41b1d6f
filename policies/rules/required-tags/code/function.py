"""Lets in only nodes, clusters and blocks that carry the tags wanted."""
import logging

from pre_check import AIOSv1PolicyRule, Malformed, get, texts

LOG = logging.getLogger("aios.policies.required-tags")


def refusal(request, parameters, settings):
    """Why the request is denied; None where it is allowed."""
    wanted = texts(parameters, "all", [], of="parameters")
    choice = texts(parameters, "any", [], of="parameters")
    if not wanted and not choice:
        raise Malformed("malformed parameters: all and any are both missing")
    subject, tags = tags_of(request)
    missing = [tag for tag in wanted if tag not in tags]
    if missing:
        return f"the {subject} lacks the tags {', '.join(missing)}"
    if choice and not set(choice) & set(tags):
        return f"the {subject} carries none of the tags {', '.join(choice)}"
    return None


def tags_of(request):
    """What the request adds, and its tags. The scripts that join nodes send none: that is no tags, not an error."""
    if "id" in request:
        return "cluster", texts(request, "tags", [])
    if "node_data" in request:
        return "node", texts(get(request, "node_data", dict), "tags", [])
    if "block_data" in request:
        block = get(request, "block_data", dict)
        return "block", texts(block, "component.tags", []) + texts(block, "tags", [])
    return "cluster", texts(get(request, "cluster_data", dict), "tags", [])
