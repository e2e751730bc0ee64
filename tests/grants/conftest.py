"""The apps of alice, and Logto as her pages meet it: the same as for her devices."""

from tests.devices.conftest import logto, sure

__all__ = ["logto", "sure"]
