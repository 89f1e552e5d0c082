"""The stubs say what the compiled module has: the same names, and the same parameters in the same order."""

import ast
import importlib
import inspect
import pathlib
import re

import pytest

import relia

STUBS = sorted(pathlib.Path(__file__).parents[1].joinpath("relia").glob("*.pyi"))


def stub_parameters(function: ast.FunctionDef) -> list[str]:
    arguments = function.args
    names = [a.arg for a in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
    if arguments.vararg:
        names.append(arguments.vararg.arg)
    return [n for n in names if n not in ("self", "cls")]


def module_parameters(function: object) -> list[list[str]]:
    """The parameter names of each overload, from the signature lines of the docstring."""
    name = getattr(function, "__name__", "")
    lines = re.findall(rf"^(?:\d+\. )?{name}\((.*)\) ->", function.__doc__ or "", re.M)
    overloads = []
    for line in lines:
        if line == "*args, **kwargs":
            continue
        flat = re.sub(r"\[[^\[\]]*\]", "", line)
        while re.search(r"[\[(<{]", flat):
            shorter = re.sub(r"\[[^\[\]]*\]|\([^()]*\)|<[^<>]*>|\{[^{}]*\}", "", flat)
            if shorter == flat:
                break
            flat = shorter
        names = [part.split(":")[0].split("=")[0].strip() for part in flat.split(",")]
        overloads.append([n for n in names if n and n not in ("self", "*", "/")])
    return overloads


def public(names: list[str]) -> set[str]:
    return {n for n in names if not n.startswith("_")}


def members_of(node: ast.ClassDef, classes: dict[str, ast.ClassDef]) -> set[str]:
    """What the class declares itself, and what private bases, which only stubs have, declare for it."""
    names = {
        m.name if isinstance(m, ast.FunctionDef) else m.target.id
        for m in node.body
        if isinstance(m, ast.FunctionDef) or (isinstance(m, ast.AnnAssign) and isinstance(m.target, ast.Name))
    }
    for base in node.bases:
        if isinstance(base, ast.Name) and base.id.startswith("_"):
            names |= members_of(classes[base.id], classes)
    return names


@pytest.mark.parametrize("stub", STUBS, ids=lambda p: p.stem)
def test_stub_matches_module(stub):
    name = "relia" if stub.stem == "__init__" else f"relia.{stub.stem}"
    if stub.stem == "__init__":
        module = relia
    else:
        module = importlib.import_module(name)
    tree = ast.parse(stub.read_text())
    functions: dict[str, list[list[str]]] = {}
    classes: dict[str, ast.ClassDef] = {}
    constants: set[str] = set()
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            functions.setdefault(node.name, []).append(stub_parameters(node))
        elif isinstance(node, ast.ClassDef):
            classes[node.name] = node
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            constants.add(node.target.id)
    submodules = {n for n, v in vars(module).items() if inspect.ismodule(v)}
    in_module = public(list(vars(module))) - submodules
    in_stub = public([*functions, *classes, *constants])
    assert in_stub == in_module

    for function, signatures in functions.items():
        known = module_parameters(getattr(module, function))
        if known:
            assert all(s in known for s in signatures), f"{name}.{function}: {signatures} against {known}"
    for class_name, node in classes.items():
        if class_name.startswith("_"):
            continue
        real = getattr(module, class_name)
        if issubclass(real, BaseException):
            continue
        members = members_of(node, classes)
        assert public(list(members)) == public(list(vars(real))), f"{name}.{class_name}"
