"""The simulated other side of the UART: an XBee 3 and a Home Area Network, independent of the firmware."""

from tools.bench.bench import Bench
from tools.bench.checker import Checker
from tools.bench.scenario import Scenario, ScenarioError
from tools.bench.scenario import load as load_scenario

__all__ = ["Bench", "Checker", "Scenario", "ScenarioError", "load_scenario"]
