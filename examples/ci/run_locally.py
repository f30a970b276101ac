"""Run the shell steps of a CI job here: ``python run_locally.py github-actions.yml FOLDER``.

Steps that install something or use an action of the CI service are passed over. It stops at the first step
that fails, except for steps marked ``if: always()``, and exits with its code, as the service would.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import yaml


class Step(NamedTuple):
    """One shell step of a job."""

    command: str
    always: bool = False


def jobs_of(content: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, str], list[Step]]]:
    """List the jobs of a GitHub Actions or GitLab CI file, as variables and steps."""
    if "jobs" in content:
        for job in content["jobs"].values():
            steps = [
                Step(step["run"], "always()" in str(step.get("if", "")))
                for step in job["steps"]
                if "run" in step
            ]
            yield job.get("env", {}), steps
        return
    for job in content.values():
        if isinstance(job, Mapping) and "script" in job:
            commands = [*job.get("before_script", ()), *job["script"], *job.get("after_script", ())]
            yield job.get("variables", {}), [Step(command) for command in commands]


def run(path: Path, folder: Path) -> int:
    """Run all jobs in a folder, and return the first exit code that is not 0."""
    summary = folder / "step-summary.md"
    worst = 0
    for variables, steps in jobs_of(yaml.safe_load(path.read_text("utf-8"))):
        environment = {**os.environ, "GITHUB_STEP_SUMMARY": str(summary), **variables}
        code = 0
        for step in steps:
            if "pip install" in step.command or (code and not step.always):
                continue
            sys.stderr.write(f"$ {step.command.strip()}\n")
            shell = ["/bin/sh", "-ec", step.command]
            done = subprocess.run(shell, cwd=folder, env=environment, check=False)
            code = code or done.returncode
        worst = worst or code
    return worst


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("usage: python run_locally.py FILE.yml [FOLDER]")
    sys.exit(run(Path(sys.argv[1]), Path(sys.argv[2] if len(sys.argv) > 2 else ".")))
