"""The live service: engines, pipeline, pacing, sessions, telemetry, audition. Never imports torch."""
