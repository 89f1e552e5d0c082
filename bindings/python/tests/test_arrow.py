"""Columns come in through Arrow's C interface, from any package, without a package."""

import ctypes

import numpy as np
import pytest

from relia.aggregate import histogram, latency_histogram


class Schema(ctypes.Structure):
    pass


class Array(ctypes.Structure):
    pass


class Stream(ctypes.Structure):
    pass


release_schema = ctypes.CFUNCTYPE(None, ctypes.POINTER(Schema))
release_array = ctypes.CFUNCTYPE(None, ctypes.POINTER(Array))
release_stream = ctypes.CFUNCTYPE(None, ctypes.POINTER(Stream))
get_schema = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(Stream), ctypes.POINTER(Schema))
get_next = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(Stream), ctypes.POINTER(Array))
get_last_error = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.POINTER(Stream))
why = ctypes.create_string_buffer(b"the disk is gone")

Schema._fields_ = [
    ("format", ctypes.c_char_p),
    ("name", ctypes.c_char_p),
    ("metadata", ctypes.c_char_p),
    ("flags", ctypes.c_int64),
    ("n_children", ctypes.c_int64),
    ("children", ctypes.c_void_p),
    ("dictionary", ctypes.c_void_p),
    ("release", release_schema),
    ("private_data", ctypes.c_void_p),
]
Array._fields_ = [
    ("length", ctypes.c_int64),
    ("null_count", ctypes.c_int64),
    ("offset", ctypes.c_int64),
    ("n_buffers", ctypes.c_int64),
    ("n_children", ctypes.c_int64),
    ("buffers", ctypes.POINTER(ctypes.c_void_p)),
    ("children", ctypes.c_void_p),
    ("dictionary", ctypes.c_void_p),
    ("release", release_array),
    ("private_data", ctypes.c_void_p),
]
Stream._fields_ = [
    ("get_schema", get_schema),
    ("get_next", get_next),
    ("get_last_error", get_last_error),
    ("release", release_stream),
    ("private_data", ctypes.c_void_p),
]

capsule_new = ctypes.pythonapi.PyCapsule_New
capsule_new.restype = ctypes.py_object
capsule_new.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]


class Column:
    """A producer of chunks; `released` counts what the consumer gave back."""

    def __init__(self, chunks, arrow_format=b"g", valid=None, offset=0, null_count=0, fails=False):
        self.chunks = [np.ascontiguousarray(c) for c in chunks]
        self.format, self.valid, self.offset, self.null_count = arrow_format, valid, offset, null_count
        self.fails = fails
        self.released = 0
        self.kept = []

    def fill_schema(self, schema):
        self.kept.append(release_schema(lambda _: None))
        schema.format, schema.release = self.format, self.kept[-1]

    def fill_array(self, array, chunk):
        bits = None if self.valid is None else np.packbits(self.valid, bitorder="little")
        buffers = (ctypes.c_void_p * 2)(None if bits is None else bits.ctypes.data, chunk.ctypes.data)

        def release(given):
            self.released += 1
            given.contents.release = release_array()

        self.kept += [bits, buffers, release_array(release)]
        array.length, array.null_count, array.offset = len(chunk) - self.offset, self.null_count, self.offset
        array.n_buffers = 2
        array.buffers = ctypes.cast(buffers, ctypes.POINTER(ctypes.c_void_p))
        array.release = self.kept[-1]

    def keep_capsule(self, structure, name):
        self.kept.append(structure)
        return capsule_new(ctypes.addressof(structure), name, None)


class AsArray(Column):
    def __arrow_c_array__(self, requested_schema=None):
        schema, array = Schema(), Array()
        self.fill_schema(schema)
        self.fill_array(array, self.chunks[0])
        return self.keep_capsule(schema, b"arrow_schema"), self.keep_capsule(array, b"arrow_array")


class AsStream(Column):
    def __arrow_c_stream__(self, requested_schema=None):
        left = list(self.chunks)

        def schema_of(_, schema):
            self.fill_schema(schema.contents)
            return 0

        def next_of(_, array):
            if left:
                self.fill_array(array.contents, left.pop(0))
            elif self.fails:
                return 5
            return 0

        stream = Stream(get_schema(schema_of), get_next(next_of), get_last_error(lambda _: ctypes.addressof(why)))
        return self.keep_capsule(stream, b"arrow_array_stream")


VALUES = np.random.default_rng(1).lognormal(-4, 1, 1000)


def recorded(values) -> latency_histogram:
    h = latency_histogram()
    h.record(values)
    return h


def test_an_array_and_a_stream_of_chunks_are_what_numpy_gives():
    expected = recorded(VALUES)
    assert recorded(AsArray([VALUES])) == expected
    stream = AsStream(np.array_split(VALUES, 7) + [np.array([])])
    assert recorded(stream) == expected
    assert stream.released == 8
    assert recorded(AsArray([VALUES], offset=10)) == recorded(VALUES[10:])


@pytest.mark.parametrize(
    ("arrow_format", "dtype"),
    list(zip(b"flLiIsScC", ["f4", "i8", "u8", "i4", "u4", "i2", "u2", "i1", "u1"], strict=True)),
)
def test_other_numbers_are_widened(arrow_format, dtype):
    values = np.arange(1, 101).astype(dtype)
    assert recorded(AsArray([values], bytes([arrow_format]))) == recorded(values.astype(float))


def test_nulls_are_refused_and_nothing_is_recorded():
    h = histogram()
    valid = np.ones(10, dtype=bool)
    valid[[2, 5]] = False
    for null_count in (2, -1):  # -1: the consumer must count
        with pytest.raises(ValueError, match="values must be without nulls.*got 2"):
            h.record(AsArray([VALUES[:10]], valid=valid, null_count=null_count))
    assert h.empty
    assert recorded(AsArray([VALUES[:10]], valid=np.ones(10, dtype=bool), null_count=-1)).count == 10


def test_what_is_no_column_of_numbers_is_refused():
    h = histogram()
    with pytest.raises(ValueError, match='values must be a column of numbers, got the Arrow format "u"'):
        h.record(AsArray([VALUES], b"u"))
    with pytest.raises(ValueError, match="a readable Arrow stream, got: the disk is gone"):
        h.record(AsStream([VALUES], fails=True))
    assert h.empty


@pytest.mark.parametrize("package", ["polars", "pyarrow"])
def test_columns_of_packages(package):
    module = pytest.importorskip(package)
    column = module.Series(VALUES) if package == "polars" else module.chunked_array([VALUES[:500], VALUES[500:]])
    assert recorded(column) == recorded(VALUES)
