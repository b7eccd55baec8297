"""Makes the objects of the sandbox's bucket `tide-objects` that nobody writes by hand, into assets/sandbox/objects/.

    python assets/make-objects.py          needs pyarrow

The same call makes the same bytes (Parquet and zstd: by the same pyarrow). The digests of the object whose bytes are
computed are printed by an ignored test instead: src/sandbox/world/object.rs.
"""

import bz2
import gzip
import io
import json
import struct
import tarfile
import zipfile
import zlib
from pathlib import Path

import pyarrow
from pyarrow import parquet

OBJECTS = Path(__file__).parent / "sandbox" / "objects"
STATIONS = ["Galway", "Brest", "Puget Sound", "Saint-Malo", "Bergen", "Sète"]
TIME = 1_790_000_000


def readings(count: int) -> list[dict]:
    """Rows of a tide gauge's log, of every type a table may hold."""
    rows = []
    for number in range(count):
        flood = (number * 37) % 113
        rows.append(
            {
                "id": number + 1,
                "station": STATIONS[number % len(STATIONS)],
                "time": f"2026-09-{1 + number // 24 % 30:02}T{number % 24:02}:00:00Z",
                "height_m": round(flood / 20 - 1.5, 3),
                "ok": flood % 7 != 0,
                "note": None if number % 5 else 'read twice, "by eye"',
            }
        )
    return rows


def csv_text(rows: list[dict], delimiter: str = ",") -> str:
    """Rows with a heading; quotes where a value needs them."""

    def field(value: object) -> str:
        text = "" if value is None else str(value)
        needs = any(character in text for character in (delimiter, '"', "\n"))
        return '"' + text.replace('"', '""') + '"' if needs else text

    lines = [delimiter.join(rows[0])] + [delimiter.join(field(v) for v in row.values()) for row in rows]
    return "\n".join(lines) + "\n"


def parquet_bytes(rows: list[dict]) -> bytes:
    """Two row groups, statistics, three compressions."""
    table = pyarrow.table(
        {
            "id": pyarrow.array([row["id"] for row in rows], pyarrow.int64()),
            "station": pyarrow.array([row["station"] for row in rows]).dictionary_encode(),
            "time": pyarrow.array([(TIME + row["id"] * 3600) * 1000 for row in rows], pyarrow.timestamp("ms", "UTC")),
            "height_m": pyarrow.array([row["height_m"] for row in rows], pyarrow.float64()),
            "ok": pyarrow.array([row["ok"] for row in rows], pyarrow.bool_()),
            "note": pyarrow.array([row["note"] for row in rows], pyarrow.string()),
        }
    )
    out = io.BytesIO()
    parquet.write_table(table, out, row_group_size=len(rows) // 2, compression="zstd", write_page_index=True)
    return out.getvalue()


def png() -> bytes:
    """A small picture of a wave."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    width, height = 64, 32
    rows = bytearray()
    for y in range(height):
        rows.append(0)
        for x in range(width):
            water = y > 12 + abs(x % 16 - 8) // 2
            rows += bytes((20, 90 + x, 160)) if water else bytes((235, 240, 250 - y))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(rows), 9)) + chunk(b"IEND", b"")


def tar(members: dict[str, bytes]) -> bytes:
    """An archive of files, one of them in a directory."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, data in members.items():
            entry = tarfile.TarInfo(name)
            entry.size, entry.mtime, entry.mode = len(data), TIME, 0o644
            archive.addfile(entry, io.BytesIO(data))
    return out.getvalue()


def zipped(members: dict[str, bytes]) -> bytes:
    """The same as a zip."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 9, 21, 14, 13, 20)), data, zipfile.ZIP_DEFLATED, 9)
    return out.getvalue()


def zstd(data: bytes) -> bytes:
    """One frame."""
    return pyarrow.compress(data, codec="zstd", asbytes=True)


LATIN_1 = """Journal de la station de Sète
Relevé à 6 h : la mer est montée de 12 cm ; vent d'est, ciel dégagé.
Relevé à 18 h : même hauteur. Bouée nº 4 à réparer, coût estimé 240 £ ou 30 ¥.
Größte Höhe der Woche: 1,84 m über Normal. Señal débil, mañana más.
"""
UTF_16 = """潮汐表 — Tide table
Sète 06:00 ▲ 0.42 m
Galway 06:20 ▲ 4.91 m 🌊
"""


def main() -> None:
    rows = readings(120)
    table = csv_text(rows)
    members = {"README.md": b"# Readings\n\nOne month of six gauges.\n", "2026/readings.csv": table.encode()}
    made = {
        "readings.csv": table.encode(),
        "readings.tsv": csv_text(rows[:40], "\t").encode(),
        "pegel.csv": csv_text(rows[:40], ";").replace(".", ",").encode("latin-1"),
        "readings.ndjson": "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode(),
        "readings.json": (json.dumps({"unit": "m", "rows": rows[:20]}, ensure_ascii=False) + "\n").encode(),
        "readings.parquet": parquet_bytes(rows),
        "readings.csv.gz": gzip.compress(table.encode(), 9, mtime=TIME),
        "readings.csv.zst": zstd(table.encode()),
        "readings.csv.bz2": bz2.compress(table.encode(), 9),
        "archive.tar": tar(members),
        "archive.tar.gz": gzip.compress(tar(members), 9, mtime=TIME),
        "archive.zip": zipped(members),
        "latin-1.txt": LATIN_1.encode("latin-1"),
        "utf-16.txt": UTF_16.encode("utf-16-le").join([b"\xff\xfe", b""]),
        "wave.png": png(),
    }
    for name, data in made.items():
        (OBJECTS / name).write_bytes(data)
        print(f"{len(data):6} {name}")


if __name__ == "__main__":
    main()
