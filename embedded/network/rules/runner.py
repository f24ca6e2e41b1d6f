"""Evaluates one policy rule: unpacks the archive, loads function.py, calls eval, writes the outcome to descriptor 3."""

import importlib.util
import json
import os
import sys
import tarfile
import zipfile


def unpack(archive, target):
    if zipfile.is_zipfile(archive):
        with zipfile.ZipFile(archive) as content:
            content.extractall(target)
    else:
        with tarfile.open(archive) as content:
            # Links and paths that lead out of the folder are refused.
            content.extractall(target, filter="data")


def load(folder, sibling_modules):
    code = os.path.join(folder, "code")
    if not os.path.isdir(code):
        raise FileNotFoundError("the archive has no top-level folder 'code'")
    if sibling_modules:
        sys.path.insert(0, code)
    spec = importlib.util.spec_from_file_location("function", os.path.join(code, "function.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.AIOSv1PolicyRule


def evaluate(folder, request):
    unpack(os.path.join(folder, "archive"), folder)
    rule_class = load(folder, request["siblingModules"])
    # Upstream names no rule to itself, and gives it no context.
    rule = rule_class("", request["settings"], request["parameters"])
    return rule.eval(request["parameters"], request["input"], None)


def main():
    os.set_inheritable(3, False)  # a process that the rule leaves behind must not keep the caller waiting
    with os.fdopen(3, "w") as channel:
        try:
            outcome = {"result": evaluate(sys.argv[1], json.load(sys.stdin))}
            text = json.dumps(outcome)
        except BaseException as error:  # a rule may raise anything, SystemExit included
            text = json.dumps({"error": str(error) or type(error).__name__})
        channel.write(text)


main()
