"""Which test breaks which line of the doctor, as the tests themselves have it.

A line is broken by a test that calls `wrong("line", …)`, the fixture that holds that nothing else
changed; or `wrong(line, …)` with the line among the test's parameters.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

HOLDS = "wrong"


def lines(path: Path) -> dict[str, list[str]]:
    """The lines that the tests of a file break, each with the names of these tests."""
    found: dict[str, list[str]] = {}
    for test in ast.parse(path.read_text()).body:
        if isinstance(test, ast.FunctionDef) and test.name.startswith("test_"):
            for line in sorted(set(_of(test))):
                found.setdefault(line, []).append(test.name)
    return found


def _of(test: ast.FunctionDef) -> Iterator[str]:
    for call in ast.walk(test):
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
            continue
        if call.func.id != HOLDS or not call.args:
            continue
        match call.args[0]:
            case ast.Constant(value=str(line)):
                yield line
            case ast.Name(id=parameter):
                yield from _parameters(test, parameter)


def _parameters(test: ast.FunctionDef, name: str) -> Iterator[str]:
    """The values of a parameter, from the decorators of the test."""
    for decorator in test.decorator_list:
        if isinstance(decorator, ast.Call) and ast.unparse(decorator.func).endswith("parametrize"):
            names, rows = (ast.literal_eval(_plain(each)) for each in decorator.args)
            names = [names] if isinstance(names, str) else list(names)
            if name in names:
                place = names.index(name)
                yield from (row[place] if len(names) > 1 else row for row in rows)


def _plain(node: ast.expr) -> ast.expr:
    """With words in place of what is no literal."""

    class Plain(ast.NodeTransformer):
        def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
            return ast.Constant(ast.unparse(node))

        def visit_Name(self, node: ast.Name) -> ast.expr:
            return ast.Constant(node.id)

        def visit_Call(self, node: ast.Call) -> ast.expr:
            return ast.Constant(ast.unparse(node))

    plain: ast.expr = Plain().visit(node)
    return plain
