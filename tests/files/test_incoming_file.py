"""An upload lies on disk while it is read, and no longer."""

import io

import pytest

from files.incoming_file import incoming_file
from files.storage import Storage
from tests.factories import World


def left() -> list[str]:
    """What lies in the folder."""
    return [path.name for path in (Storage.data_dir / "incoming").glob("*")]


def test_the_bytes_are_there_from_their_beginning_and_gone_afterwards(world: World) -> None:
    upload = io.BytesIO(b"roster")
    upload.read(3)
    with incoming_file(upload) as path:
        assert path.read_bytes() == b"roster"
    assert left() == []


def test_an_exception_leaves_nothing(world: World) -> None:
    with pytest.raises(RuntimeError), incoming_file(io.BytesIO(b"roster")):
        raise RuntimeError
    assert left() == []


def test_what_a_killed_process_left_is_swept_out_and_what_is_in_use_stays(world: World) -> None:
    with incoming_file(io.BytesIO(b"in use")) as path:
        (path.parent / "upload-left-behind").write_bytes(b"names and numbers")
        with incoming_file(io.BytesIO(b"another")) as other:
            assert sorted(left()) == sorted([path.name, other.name])
