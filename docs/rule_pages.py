"""Makes the site's pages of rules from the rules themselves, and lends it the README's picture."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from keras_migrate.findings import Rule
from keras_migrate.registry import all_rules

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files

FAMILIES = {
    "KM1": "Imports and names",
    "KM2": "Arguments and values",
    "KM3": "Defaults that changed silently",
    "KM4": "Methods of models, layers and optimizers",
    "KM5": "Subclassing",
    "KM6": "Metrics, histories, callbacks and file names",
    "KM7": "Sessions, functions of the backend and TensorFlow 1",
    "KM8": "Dependencies, documents and the project",
    "KM9": "What could not be processed",
}


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Adds the pages; called by mkdocs."""
    from mkdocs.structure.files import File

    rules = all_rules()
    files.append(File.generated(config, "rules/index.md", content=overview(list(rules.values()))))
    for rule in rules.values():
        files.append(File.generated(config, f"rules/{rule.code}.md", content=page(rule)))
    picture = Path(__file__).with_name("diff.svg")
    files.append(File.generated(config, "diff.svg", content=picture.read_bytes()))
    return files


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Puts the pages of the rules into the navigation; called by mkdocs."""
    assert config.nav is not None
    for entry in config.nav:
        if isinstance(entry, dict) and "Rules" in entry:
            entry["Rules"] = ["rules/index.md", *(f"rules/{code}.md" for code in all_rules())]
    return config


def overview(rules: list[Rule]) -> str:
    """All rules as tables, one a family."""
    text = "# All rules\n\nAlso: `keras-migrate rules`, and `keras-migrate explain KM101` for one.\n"
    for family, title in FAMILIES.items():
        members = [rule for rule in rules if rule.code.startswith(family)]
        if not members:
            continue
        text += f"\n## {title}\n\n| rule | name | what it does |\n| --- | --- | --- |\n"
        for rule in members:
            summary = rule.summary.replace("|", "\\|")
            text += f"| [{rule.code}]({rule.code}.md) | `{rule.name}` | {summary} |\n"
    others = [rule for rule in rules if not rule.code.startswith(tuple(FAMILIES))]
    assert not others, f"families without a title: {others}"
    return text


def page(rule: Rule) -> str:
    """The page of a rule."""
    text = f"# {rule.code} {rule.name}\n\n{rule.summary}\n\n"
    if rule.targets:
        text += f"Applies to targets: TensorFlow `{rule.targets}`.\n\n"
    text += f"{rule.explanation}\n"
    for heading, code in (("Before", rule.before), ("After", rule.after)):
        if code:
            text += f"\n## {heading}\n\n```python\n{code.rstrip()}\n```\n"
    return f"{text}\nTo leave it out of a run: `--ignore {rule.code}`.\n"
