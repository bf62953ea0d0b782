from __future__ import annotations

import ast
import asyncio
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import zipfile
from importlib.util import find_spec
from pathlib import Path

from scripted import Script

_HERE = Path(__file__).resolve().parents[1]


#: Where the build demands its peers, nothing is skipped for want of a tool.
_DEMANDED = "python-build" in os.environ.get("TESTKIT_REQUIRE", "").split(",")


def _can_build() -> bool:
    return _DEMANDED or (find_spec("setuptools") is not None and find_spec("wheel") is not None)


#: The oldest Python that is promised.
_OLDEST = (3, 10)


def _oldest() -> str | None:
    """That Python, where this machine has it."""
    name = ".".join(map(str, _OLDEST))
    kept = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    for each in (sys.executable, shutil.which(f"python{name}"), *map(str, kept.glob(f"{name}.*/bin/python"))):
        # What bears the name may be a place holder that starts nothing.
        check = f"import sys; sys.exit(sys.version_info[:2] != {_OLDEST})"
        if each and subprocess.run([each, "-c", check], stderr=subprocess.DEVNULL).returncode == 0:
            return each
    return None


class PackageTest(unittest.TestCase):
    @unittest.skipUnless(_can_build(), "Building a wheel needs setuptools and wheel")
    def test_the_wheel_runs_the_first_example_of_its_readme_as_printed(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            where = Path(folder)
            # A copy, since building leaves its traces beside the sources.
            source = where / "source"
            source.mkdir()
            for name in ("pyproject.toml", "README.md", "LICENSE", "src"):
                _run("cp", "-r", str(_HERE / name), str(source))
            _run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", folder, str(source))
            [wheel] = where.glob("*.whl")
            names = zipfile.ZipFile(wheel).namelist()
            self.assertIn("parley_client/py.typed", names)
            self.assertTrue(any(name.endswith("LICENSE") for name in names), names)
            self.assertEqual([], [name for name in names if not name.startswith(("parley_client/", "parley_client-"))])
            installed = where / "installed"
            _run(sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", str(installed), str(wheel))
            found = re.search(r"```python\n(.*?)```", (_HERE / "README.md").read_text(encoding="utf-8"), re.DOTALL)
            assert found
            (where / "ask.py").write_text(found[1], encoding="utf-8")
            answer = asyncio.run(_asked(where, installed))
            self.assertEqual("word1 word2 word3 word4 word5 ", answer)

    def test_the_oldest_python_can_read_it(self) -> None:
        promised = re.search(r'^requires-python = ">=(.*)"$', (_HERE / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE)
        assert promised
        self.assertEqual(".".join(map(str, _OLDEST)), promised[1])
        for file in [*(_HERE / "src").rglob("*.py"), *(_HERE / "tests").glob("*.py")]:
            with self.subTest(file=file.name):
                ast.parse(file.read_text(encoding="utf-8"), feature_version=_OLDEST)

    def test_it_works_with_the_oldest_python(self) -> None:
        python, websockets = _oldest(), find_spec("websockets")
        if not python or not websockets or not websockets.origin:
            self.skipTest(f"Needs Python {_OLDEST} and websockets")
        with tempfile.TemporaryDirectory() as folder:
            # The library alone, and without what is compiled for another version.
            shutil.copytree(Path(websockets.origin).parent, Path(folder) / "websockets", ignore=shutil.ignore_patterns("*.so", "__pycache__"))
            whole = {name: value for name, value in os.environ.items() if name != "PARLEY_SCENARIOS"}
            for tests, scenario in (
                ("test_parts.py", ""), ("test_scenarios.py", "answered piece by piece"), ("test_scenarios.py", "events are held back too"),
            ):
                subprocess.run(
                    [python, "-m", "unittest", "discover", "--quiet", "-s", "tests", "-p", tests], check=True, cwd=_HERE,
                    env={
                        **whole, "PARLEY_SCENARIO": scenario, "PYTHONDONTWRITEBYTECODE": "1",
                        "PYTHONPATH": os.pathsep.join([str(_HERE / "src"), folder]),
                    })

    @unittest.skipUnless(_DEMANDED or find_spec("mypy"), "Checking the types needs mypy")
    def test_the_types_are_what_the_code_is(self) -> None:
        with tempfile.TemporaryDirectory() as cache:
            _run(
                sys.executable, "-m", "mypy", "--strict", "--cache-dir", cache, str(_HERE / "src/parley_client"), str(_HERE / "tests/typed.py"),
                path=str(_HERE / "src"))


async def _asked(where: Path, installed: Path) -> str:
    os.environ.pop("PARLEY_SCENARIOS", None)
    script = await Script.start()
    try:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "ask.py", script.address, "user-ana", "Why is the sky blue?", cwd=where,
            env={**os.environ, "PYTHONPATH": str(installed)}, stdout=asyncio.subprocess.PIPE)
        out, _ = await asyncio.wait_for(process.communicate(), 60)
        assert process.returncode == 0, f"Expected the example to end well, it ended with {process.returncode}"
        return out.decode()
    finally:
        await script.stop()


def _run(*command: str, path: str | None = None) -> None:
    subprocess.run(command, check=True, env={**os.environ, **({"MYPYPATH": path} if path else {})})


if __name__ == "__main__":
    unittest.main()
