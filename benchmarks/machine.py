"""What a time was measured on: without it no ratio can be understood."""

from __future__ import annotations

import os
import platform
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

LIBRARIES = ("numpy", "scipy", "numba", "pydantic", "SALib", "pandas", "polars", "pyarrow", "intangible-valuation")


def load() -> str:
    """Processes that wanted a core over the last minute, our own among them."""
    return f"{os.getloadavg()[0]:.2f}" if hasattr(os, "getloadavg") else "unknown"


def described() -> str:
    """Processor, BLAS kernel, threads, load and versions, a line each."""
    settings = [f"{name} {os.environ.get(name, 'not set')}" for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")]
    libraries = ", ".join(f"{name} {_version(name)}" for name in LIBRARIES)
    return "\n".join(
        (
            f"processor  {_processor()}, {os.cpu_count()} threads; {platform.system()} {platform.machine()}",
            f"BLAS       {_blas()}; {', '.join(settings)}",
            f"load       {load()} before the first measurement",
            f"libraries  Python {platform.python_version()}, {libraries}",
        )
    )


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def _processor() -> str:
    """The model, with family and number: some hosts give all their models one name."""
    cpuinfo = Path("/proc/cpuinfo")
    if not cpuinfo.exists():
        return platform.processor() or "unknown"
    lines = [line.split(":", 1) for line in cpuinfo.read_text(encoding="utf-8").splitlines() if ":" in line]
    facts = {name.strip(): fact.strip() for name, fact in reversed(lines)}  # the first processor last, so that it stays
    found = facts.get("model name", "unknown")
    return f"{found} (family {facts.get('cpu family', '?')}, model {facts.get('model', '?')})"


def _blas() -> str:
    try:
        from threadpoolctl import threadpool_info
    except ImportError:
        return "kernel unknown (threadpoolctl is not installed)"
    import_module("numpy.linalg")  # a library must be loaded before it can be asked
    pools = [pool for pool in threadpool_info() if pool["user_api"] == "blas"]
    kernels = [
        f"{p['internal_api']} {p['version']}, kernel {p['architecture']}, {p['num_threads']} threads" for p in pools
    ]
    return "; ".join(kernels) or "kernel unknown"
