"""Runs the code of one policy rule in a process of its own; run-rule.ts starts it and stands by with the limits of time.

Reads the job from stdin, unpacks the archive that lies beside it, and writes a line of JSON for each call to descriptor 3:
{"result"} or {"error", "trace"}. Every call loads the rule anew, as the gateway does for every request.
"""
import datetime
import functools
import json
import os
import resource
import signal
import sys
import tarfile
import time
import traceback
import types
import zipfile


def limit(limits):
    """What the rule, and whatever it starts, may use; lasts for the life of the process."""
    kinds = {"memory": resource.RLIMIT_AS, "processes": resource.RLIMIT_NPROC, "fileSize": resource.RLIMIT_FSIZE}
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for name, kind in kinds.items():
        if name in limits:
            _, most = resource.getrlimit(kind)
            value = limits[name] if most == resource.RLIM_INFINITY else min(limits[name], most)
            resource.setrlimit(kind, (value, value))


def members(archive):
    """The paths of an archive's files, and how to open each. Links and devices are left out."""
    # In the gateway's order: a tar may look like a zip.
    if tarfile.is_tarfile(archive):
        with tarfile.open(archive) as content:
            yield from ((member.name, content.extractfile(member)) for member in content if member.isreg())
    elif zipfile.is_zipfile(archive):
        with zipfile.ZipFile(archive) as content:
            yield from ((info.filename, content.open(info)) for info in content.infolist() if not info.is_dir())
    else:
        raise ValueError("Unsupported file format")


def unpack(archive, target, most):
    """By hand, because extractall of older Pythons lets an archive write anywhere, and none bounds what comes out."""
    left = most
    for name, source in members(archive):
        path = os.path.normpath(os.path.join(target, name))
        if os.path.commonpath([path, target]) != target:
            raise ValueError(f"the archive's file {name!r:.80} leads out of its folder")
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with source, open(path, "wb") as file:
            while piece := source.read(1 << 16):
                left -= len(piece)
                if left < 0:
                    raise ValueError(f"the archive unpacks to more than {most} bytes")
                file.write(piece)
    if not os.path.isdir(os.path.join(target, "code")):
        raise FileNotFoundError("the archive has no top-level folder 'code'")


@functools.lru_cache
def compiled(most):
    """The rule's code, and where it lies."""
    folder = os.path.join(os.getcwd(), "unpacked")
    unpack("archive", folder, most)
    path = os.path.join(folder, "code", "function.py")
    with open(path, "rb") as source:
        return compile(source.read(), path, "exec"), path


def load(job):
    code, path = compiled(job["unpackedSize"])
    beside = os.path.dirname(path)
    if job["siblingModules"] and beside not in sys.path:
        sys.path.insert(0, beside)
    module = types.ModuleType("function")
    module.__file__ = path
    # As the gateway registers it: dataclasses look their module up.
    sys.modules["function"] = module
    exec(code, module.__dict__)
    return module


def refuse(*_, **__):
    raise OSError("no other service is asked here")


def keep_to_itself():
    """So that a rule that asks other services finds none, and soon; no sandbox: that is for whoever starts this."""
    import socket

    socket.getaddrinfo = socket.create_connection = socket.socket.connect = refuse


class AsItsParent(type):
    """Of a class of which all are that are of its parent: C code makes those."""

    def __instancecheck__(cls, value):
        return isinstance(value, cls.__mro__[1])


class Clock:
    """What time it is for the rule, in seconds since 1970."""

    now = 0


def stop_clock():
    """Lets every question about the present be answered by Clock.now, for the life of the process."""

    class Stopped(datetime.datetime, metaclass=AsItsParent):
        @classmethod
        def now(cls, tz=None):
            return cls.fromtimestamp(Clock.now, tz)

        @classmethod
        def utcnow(cls):
            return cls.fromtimestamp(Clock.now, datetime.timezone.utc).replace(tzinfo=None)

        today = now

    class Today(datetime.date, metaclass=AsItsParent):
        @classmethod
        def today(cls):
            return Stopped.now().date()

    for name in ("gmtime", "localtime", "ctime"):
        given = getattr(time, name)
        setattr(time, name, lambda at=None, given=given: given(Clock.now if at is None else at))
    time.time = lambda: Clock.now
    time.time_ns = lambda: int(Clock.now * 1_000_000_000)
    datetime.datetime, datetime.date = Stopped, Today


def evaluate(job, call):
    if "now" in call:
        Clock.now = call["now"]
    module = load(job)
    for name, value in call["stubs"].items():
        if not callable(getattr(module, name, None)):
            raise RuntimeError(f"the case answers for {name}(), which function.py does not define")
        setattr(module, name, lambda *_, value=value: value)
    rule = module.AIOSv1PolicyRule(call["ruleId"], call["settings"], call["parameters"])
    return rule.eval(call["parameters"], call["input"], call["context"])


def answer(job, call):
    try:
        return json.dumps({"result": evaluate(job, call)}, allow_nan=False)
    except BaseException as error:  # a rule may raise anything, SystemExit included
        trace = traceback.format_exc(limit=-3)
        return json.dumps({"error": str(error) or type(error).__name__, "trace": trace})


def main():
    # Not inheritable: a process that the rule leaves behind must not keep the caller waiting.
    answers = os.fdopen(os.dup(3), "w", encoding="utf-8")
    os.close(3)
    # What a rule prints goes where its log goes.
    os.dup2(2, 1)
    job = json.load(sys.stdin)
    if job["offline"]:
        keep_to_itself()
    if any("now" in call for call in job["calls"]):
        stop_clock()
    limit(job["limits"])
    signal.alarm(job["seconds"])
    for call in job["calls"]:
        answers.write(answer(job, call) + "\n")
        answers.flush()


main()
