"""Allows everything, and writes a line of JSON about it to the log."""
import json
import logging

from pre_check import AIOSv1PolicyRule

LOG = logging.getLogger("aios.policies.audit-only")

# Never the whole request: it may carry credentials.
IDS = ["cluster_id", "id", "cluster_data.id", "node_id", "node_data.id", "block_data.blockId", "block_data.id"]
LONGEST = 200


def refusal(request, parameters, settings):
    """Logs; None, since everything is allowed. A mistake in the parameters denies nothing either."""
    fields = parameters.get("fields")
    paths = IDS + [path for path in fields if isinstance(path, str)] if isinstance(fields, list) else IDS
    found = {path: shown(value_at(request, path)) for path in paths if value_at(request, path) is not None}
    line = {"label": parameters.get("label"), "keys": sorted(request), "found": found}
    LOG.info("audit %s", json.dumps(line, default=str))
    return None


def value_at(data, path):
    for step in path.split("."):
        data = data.get(step) if isinstance(data, dict) else None
    return data


def shown(value):
    """Numbers and short texts as they are, everything else cut."""
    if isinstance(value, (bool, int, float)):
        return value
    return (value if isinstance(value, str) else json.dumps(value, default=str))[:LONGEST]
