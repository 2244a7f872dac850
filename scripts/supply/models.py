"""Add the models of the catalogue to a bill of materials: `python -m supply.models SBOM.json`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from digital_life.catalogue import File, Model, load_catalogue


def component(model: Model) -> dict[str, Any]:
    """A model as CycloneDX has it, its files within."""
    licence = {"licenses": [{"license": {"name": model.licence}}]} if model.licence else {}
    return {
        "type": "machine-learning-model",
        "bom-ref": f"model:{model.name}",
        "name": model.name,
        **({"description": model.about} if model.about else {}),
        **licence,
        "components": [_file(model, each) for each in model.files],
    }


def _file(model: Model, file: File) -> dict[str, Any]:
    """Where no sum is published none can be told; it is pinned on the machine that fetches it."""
    sums = {"hashes": [{"alg": "SHA-256", "content": file.sha256}]} if file.sha256 else {}
    return {"type": "file", "bom-ref": f"model:{model.name}/{file.name}", "name": file.name, **sums}


def with_models(bom: dict[str, Any], models: tuple[Model, ...]) -> dict[str, Any]:
    others = [each for each in bom.get("components", ()) if each["type"] != "machine-learning-model"]
    return {**bom, "components": [*others, *map(component, models)]}


def main() -> int:
    file = Path(sys.argv[1])
    bom = with_models(json.loads(file.read_text(encoding="utf-8")), load_catalogue().models)
    file.write_text(json.dumps(bom, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
