import pytest
from fakes.world import World


@pytest.fixture
def world() -> World:
    return World()
