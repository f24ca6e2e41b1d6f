"""Denies everything, with a reason."""
import logging

from pre_check import AIOSv1PolicyRule, get

LOG = logging.getLogger("aios.policies.read-only")


def refusal(request, parameters, settings):
    """Why the request is denied."""
    return get(parameters, "reason", str, "the network is read-only", of="parameters")
