"""Lets in only nodes whose GPUs, memory, vCPUs and storage are within bounds."""
import logging
from fnmatch import fnmatchcase

from pre_check import AIOSv1PolicyRule, Malformed, get, texts

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
