"""Makes the Parquet files of this folder: `python make.py`, with pyarrow. They are small and kept in the repository, so
that the tests need no Python. Everything else of the corpus is made by the tests themselves."""

import datetime as dt
import decimal
import pathlib

import pyarrow as pa
import pyarrow.parquet as pq
import pyarrow.parquet.encryption as pe

HERE = pathlib.Path(__file__).parent
ROWS = 120


def table(rows=ROWS):
    start = dt.datetime(2026, 11, 2, 6)
    return pa.table({
        "station": [f"SEA-{row % 7:02}" for row in range(rows)],
        "time": pa.array([start + dt.timedelta(minutes=10 * row) for row in range(rows)], pa.timestamp("us", tz="UTC")),
        "local": pa.array([start + dt.timedelta(minutes=10 * row) for row in range(rows)], pa.timestamp("ms")),
        "height": [row / 8 for row in range(rows)],
        "flag": [None if row % 5 == 0 else "ok" for row in range(rows)],
        "day": [dt.date(1969, 12, 30) + dt.timedelta(days=row) for row in range(rows)],
        "price": pa.array([decimal.Decimal(row - 1) / 100 for row in range(rows)], pa.decimal128(12, 2)),
        "whole": pa.array([2**63 + row for row in range(rows)], pa.uint64()),
        "truth": [row % 3 == 0 for row in range(rows)],
        "raw": [bytes([row]) * 3 + b"\xff" for row in range(rows)],
        "place": [{"x": row, "y": None if row % 2 else "q"} for row in range(rows)],
        "parts": [[row, row + 1] for row in range(rows)],
    })


for codec in ["none", "snappy", "gzip", "zstd", "lz4", "brotli"]:
    pq.write_table(table(), HERE / f"{codec}.parquet", compression=codec)
pq.write_table(table(), HERE / "v2.parquet", compression="zstd", data_page_version="2.0")
pq.write_table(table(), HERE / "plain.parquet", compression="snappy", use_dictionary=False)
pq.write_table(table(), HERE / "groups.parquet", compression="snappy", row_group_size=50)
pq.write_table(
    table().select(["time", "height", "day"]), HERE / "delta.parquet", use_dictionary=False,
    column_encoding={"time": "DELTA_BINARY_PACKED", "day": "DELTA_BINARY_PACKED", "height": "BYTE_STREAM_SPLIT"},
)
pq.write_table(
    table().select(["station", "raw", "height"]), HERE / "delta-bytes.parquet", use_dictionary=False,
    column_encoding={"station": "DELTA_BYTE_ARRAY", "raw": "DELTA_LENGTH_BYTE_ARRAY", "height": "PLAIN"},
)
pq.write_table(table(0), HERE / "empty.parquet")
# A value of 4 MiB of zeros, packed to a few hundred bytes.
pq.write_table(pa.table({"id": [1], "z": [b"\0" * (4 << 20)]}), HERE / "bomb.parquet", compression="zstd", use_dictionary=False, write_statistics=False)


class Kms(pe.KmsClient):
    """Keys that are no secret."""

    def __init__(self, _):
        pe.KmsClient.__init__(self)

    def wrap_key(self, key, _):
        return key.hex().encode()

    def unwrap_key(self, key, _):
        return bytes.fromhex(key.decode())


def encrypted(name, **how):
    config = pe.EncryptionConfiguration(footer_key="f", column_keys={"c": ["flag"]}, **how)
    properties = pe.CryptoFactory(Kms).file_encryption_properties(pe.KmsConnectionConfig(), config)
    with pq.ParquetWriter(HERE / name, table().select(["station", "flag"]).schema, encryption_properties=properties) as out:
        out.write_table(table().select(["station", "flag"]))


encrypted("pare.parquet", plaintext_footer=False)
encrypted("column.parquet", plaintext_footer=True)
