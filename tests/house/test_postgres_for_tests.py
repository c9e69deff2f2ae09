"""The PostgreSQL of the tests: really one, on a socket only, and gone with its folder."""

import os
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest
from machine_needs import find_program
from postgres_for_tests import postgres_for_tests

pytestmark = pytest.mark.skipif(
    find_program("initdb") is None, reason="no PostgreSQL server is installed (Debian package postgresql)"
)


def test_it_answers_on_a_socket_orders_by_code_point_and_leaves_nothing():
    with postgres_for_tests("sample") as url:
        folder = Path(parse_qs(urlsplit(url).query)["host"][0])
        with psycopg.connect(url) as connection:
            assert connection.execute("show listen_addresses").fetchone() == ("",)
            ordered = connection.execute(
                "select x from (values ('b'), ('A'), ('a'), ('അ')) as t(x) order by x"
            ).fetchall()
            server = connection.execute("select pg_backend_pid()").fetchone()[0]
        assert [row[0] for row in ordered] == ["A", "a", "b", "അ"]
        assert folder.exists()
    assert not folder.exists()
    assert not Path(f"/proc/{server}").exists()


def test_a_failing_test_run_still_ends_the_server():
    with pytest.raises(ValueError, match="a test failed"), postgres_for_tests() as url:
        folder = Path(parse_qs(urlsplit(url).query)["host"][0])
        postmaster = int((folder / "data" / "postmaster.pid").read_text().splitlines()[0])
        raise ValueError("a test failed")
    with pytest.raises(ProcessLookupError):
        os.kill(postmaster, 0)
