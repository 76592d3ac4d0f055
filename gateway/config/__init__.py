"""The gateway's one typed configuration, of a file and the environment. Every limit is a setting with a safe default."""

from gateway.config.checking import ConfigError
from gateway.config.environment import read_environment, settings_for
from gateway.config.file import read_config
from gateway.config.settings import GatewaySettings, Guards

__all__ = ["ConfigError", "GatewaySettings", "Guards", "read_config", "read_environment", "settings_for"]
