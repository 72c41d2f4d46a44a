"""Generator of `docs/reference`: a page per resource with its methods, and pages of all public names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codegen.formatting import lay_out
from codegen.generators.reference import index, method_pages, name_pages
from codegen.generators.reference.examples import read_examples
from codegen.generators.reference.methods import read_methods
from codegen.generators.reference.names import PublicNames

if TYPE_CHECKING:
    from pathlib import Path

    from codegen.contract.document import Contract

FOLDER = "docs/reference"

HEADER = (
    "<!-- Generated from openapi/knock.yaml, src/ and examples/reference by `python -m codegen`; do not edit. -->\n\n"
)


def generate(contract: Contract, root: Path, made: Path) -> list[str]:
    """Write the pages; return a problem for each method without an example.

    Args:
        contract: the contract.
        root: the repository, which has what is written by hand.
        made: the folder with what has been generated already, which gets the pages too.
    """
    names = PublicNames(root, made)
    methods = read_methods(contract, made)
    examples = read_examples(root)
    pages = {
        "index.md": index.page(methods),
        **method_pages.pages(contract, methods, examples, names),
        **name_pages.pages(names),
    }
    for path, text in pages.items():
        target = made / FOLDER / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(HEADER + text, encoding="utf-8")
    lay_out(made / FOLDER)
    called = {method.name for method in methods if method.operation is not None}
    missing = sorted(called - examples.keys())
    unknown = sorted(examples.keys() - called)
    return [
        *(f"examples/reference: {name} has no example" for name in missing),
        *(f"examples/reference: {name} is an example of no method" for name in unknown),
    ]
