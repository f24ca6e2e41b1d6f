"""Runs the cases of one rule; run-cases.ts starts it and stands by with the time limit.

Reads {"code", "cases": [{"id", "settings", "parameters", "input", "context", "stubs"}]} from stdin and writes a line of
JSON for each case. Every case loads the rule anew, as the gateway does for every request.
"""
import functools
import json
import os
import sys
import traceback
import types

# What a rule prints must not get between the answers.
ANSWERS = os.fdopen(os.dup(1), "w", encoding="utf-8")
os.dup2(2, 1)


@functools.lru_cache
def compiled(path):
    with open(path, "rb") as source:
        return compile(source.read(), path, "exec")


def load(path):
    module = types.ModuleType("function")
    exec(compiled(path), module.__dict__)
    return module


def run(path, case):
    module = load(path)
    for name, value in case["stubs"].items():
        if not callable(getattr(module, name, None)):
            raise RuntimeError(f"the case answers for {name}(), which function.py does not define")
        setattr(module, name, lambda *_, value=value: value)
    rule = module.AIOSv1PolicyRule("test", case["settings"], case["parameters"])
    return rule.eval(case["parameters"], case["input"], case["context"])


def answer(path, case):
    try:
        result = run(path, case)
        return json.dumps({"id": case["id"], "result": result}, allow_nan=False)
    except BaseException:  # a rule may even call sys.exit
        return json.dumps({"id": case["id"], "error": traceback.format_exc(limit=-3)})


def main():
    job = json.load(sys.stdin)
    for case in job["cases"]:
        ANSWERS.write(answer(job["code"], case) + "\n")
        ANSWERS.flush()


main()
