"""A process that reads the store loads no pandas with it, and may load it for itself afterwards."""

import subprocess
import sys

READS = """
import sys
from pathlib import Path
from lamplighter.intervals.store import IntervalStore
import pyarrow as pa
import numpy as np
IntervalStore.create(Path(sys.argv[1]) / "store").index
assert pa.table({"a": np.arange(3)}).num_rows == 3
assert "pandas" not in sys.modules, "Arrow loaded pandas"
import pandas
assert pandas.Series([1, 2]).sum() == 3
"""


def test_arrow_loads_no_pandas(tmp_path):
    done = subprocess.run([sys.executable, "-c", READS, str(tmp_path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
