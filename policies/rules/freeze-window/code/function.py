"""Denies changes at certain times: every week between two times of day, or once between two dates."""
import logging
import re
from datetime import datetime, timedelta, timezone

from pre_check import AIOSv1PolicyRule, Malformed, get, texts

LOG = logging.getLogger("aios.policies.freeze-window")

DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


def utc_now():
    """The time in ISO 8601; a text, so that a test case can give it."""
    return datetime.now(timezone.utc).isoformat(timespec="seconds")


def refusal(request, parameters, settings):
    """Why the request is denied; None where it is allowed."""
    exempt = texts(parameters, "exempt_actions", [], of="parameters")
    windows = get(parameters, "windows", list, [], of="parameters")
    periods = get(parameters, "periods", list, [], of="parameters")
    if not windows and not periods:
        raise Malformed("malformed parameters: windows and periods are both missing")
    name = get(parameters, "time_zone", str, "UTC", of="parameters")
    moment = datetime.fromisoformat(utc_now()).astimezone(zone_of(name))
    actions = actions_of(request, parameters)
    # All are read, so that a mistake in one shows at any time.
    frozen = [window(item, moment) for item in windows] + [period(item, moment) for item in periods]
    active = [text for text in frozen if text is not None]
    if not active or actions <= set(exempt):
        return None
    why = get(parameters, "reason", str, "", of="parameters")
    return f"changes are frozen {active[0]} ({name})" + (f": {why}" if why else "")


def actions_of(request, parameters):
    """The actions that the request may be for: a rule is not told, but each has another form."""
    if "action" in parameters:
        return {get(parameters, "action", str, of="parameters")}
    if "id" in request:
        return {"add_cluster"}
    if "node_data" in request:
        return {"add_node"}
    if "node_id" in request:
        return {"remove_node"}
    if "block_data" in request:
        return {block_action(request)}
    if "cluster_data" in request:
        if "input" in request:
            return {"cluster_mgmt"}
        return {"remove_cluster"} if "cluster_metrics" in request else {"add_cluster", "update_cluster"}
    if set(request) == {"cluster_id"}:
        return {"remove_cluster"}
    raise Malformed("malformed request: it is of no known action")


def block_action(request):
    if "input" in request:
        scales = get(request, "input.operation", str, "") in ("scale", "downscale")
        return "scale_block" if scales else "block_mgmt"
    return "remove_block" if "block_metrics" in request else "add_block"


def window(item, moment):
    """Says when a weekly window is, if the moment lies in it. Its days are those on which it starts."""
    if not isinstance(item, dict):
        raise Malformed("malformed parameters: windows are not objects")
    days = texts(item, "days", DAYS, of="parameters")
    if not set(days) <= set(DAYS):
        raise Malformed(f"malformed parameters: windows.days are not of {', '.join(DAYS)}")
    start, end = minutes(item, "start", "00:00"), minutes(item, "end", "24:00")
    if start == end:
        raise Malformed("malformed parameters: windows.start and windows.end are the same")
    now = moment.hour * 60 + moment.minute
    today, yesterday = DAYS[moment.weekday()], DAYS[moment.weekday() - 1]
    if start < end:
        inside = today in days and start <= now < end
    else:
        inside = (today in days and now >= start) or (yesterday in days and now < end)
    return f"from {start // 60:02}:{start % 60:02} to {end // 60:02}:{end % 60:02}" if inside else None


def minutes(item, key, default):
    text = get(item, key, str, default, of="parameters")
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d|24:00", text):
        raise Malformed(f"malformed parameters: windows.{key} is not a time of day as in 22:00")
    return int(text[:2]) * 60 + int(text[3:])


def period(item, moment):
    """Says when a period is, if the moment lies in it."""
    start, end = instant(item, "from", moment.tzinfo), instant(item, "until", moment.tzinfo)
    if start >= end:
        raise Malformed("malformed parameters: periods.from is not before periods.until")
    return f"from {item['from']} until {item['until']}" if start <= moment < end else None


def instant(item, key, zone):
    text = get(item, key, str, of="parameters")
    try:
        value = datetime.fromisoformat(text)
        return value if value.tzinfo else value.replace(tzinfo=zone)
    except ValueError:
        raise Malformed(f"malformed parameters: periods.{key} is not a date or time as in 2025-12-24T18:00") from None


def zone_of(name):
    """UTC and fixed offsets need no time zone database; names as Europe/Berlin do."""
    offset = re.fullmatch(r"([+-])([01]\d|2[0-3]):([0-5]\d)", name)
    if offset:
        sign = -1 if offset[1] == "-" else 1
        return timezone(sign * timedelta(hours=int(offset[2]), minutes=int(offset[3])))
    if name == "UTC":
        return timezone.utc
    try:
        from zoneinfo import ZoneInfo

        return ZoneInfo(name)
    except (ImportError, LookupError, OSError, ValueError):
        raise Malformed(f"malformed parameters: time_zone {name!r:.80} is not known where the policy runs") from None
