"""The home on MQTT: the companion as a device of it, and the devices that it commands."""
