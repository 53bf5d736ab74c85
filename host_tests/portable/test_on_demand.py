"""Modules in memory only while they are needed."""

import sys

from ihd import on_demand


def test_a_dropped_module_is_gone_and_can_be_loaded_again():
    on_demand.load("ihd.han.descriptors")
    assert "ihd.han.descriptors" in sys.modules
    on_demand.drop("ihd.han.descriptors")
    assert "ihd.han.descriptors" not in sys.modules
    assert on_demand.load("ihd.han.descriptors").answer


def test_a_module_may_be_dropped_twice_as_when_two_rooms_used_it():
    on_demand.load("ihd.zcl.clusters.basic")
    on_demand.drop("ihd.zcl.clusters.basic")
    on_demand.drop("ihd.zcl.clusters.basic")
