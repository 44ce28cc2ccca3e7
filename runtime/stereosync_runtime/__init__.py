"""The live path: pipeline, pacing, sessions, service, telemetry, the shipped bundle. Never imports torch."""
