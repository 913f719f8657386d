"""A local Spark for the tests, started by a test for itself. Skipped with a word where Spark or Java is missing."""

import os
import shutil
from contextlib import contextmanager
from pathlib import Path

import ibis
import pytest


@contextmanager
def spark_session(folder: Path):
    """An Ibis connection to a local Spark session of one thread and one partition."""
    pytest.importorskip("pyspark", reason="PySpark is not installed: the extra 'spark'")
    if not shutil.which("java") and not os.environ.get("JAVA_HOME"):
        pytest.skip("Java is not installed: Spark runs on it")
    from pyspark.sql import SparkSession

    session = (SparkSession.builder.master("local[1]").appName("icp")
               .config("spark.ui.enabled", "false").config("spark.sql.shuffle.partitions", "1")
               # a few hundred rows: to compile them costs more than to read them
               .config("spark.sql.codegen.wholeStage", "false").config("spark.sql.codegen.factoryMode", "NO_CODEGEN")
               .config("spark.sql.adaptive.enabled", "false")
               .config("spark.driver.extraJavaOptions", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
               .config("spark.driver.host", "127.0.0.1").config("spark.driver.bindAddress", "127.0.0.1")
               .config("spark.sql.warehouse.dir", str(folder / "warehouse")).config("spark.driver.memory", "1g")
               .getOrCreate())
    session.sparkContext.setLogLevel("ERROR")
    try:
        yield ibis.pyspark.connect(session)
    finally:
        session.stop()
