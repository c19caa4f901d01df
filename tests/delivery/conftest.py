"""A mail server for each test that asks for one."""

import pytest

from tests.delivery.post_office import opened, workspace


@pytest.fixture
def office():
    """A server's office; the server stops with the test."""
    controller = opened()
    yield controller.handler
    controller.stop()


@pytest.fixture
def place(tmp_path, office):
    """A workspace whose pack for ana@example.com was due on 5 October 2026."""
    return workspace(tmp_path, office.port)
