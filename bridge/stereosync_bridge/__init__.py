"""The bridge: wire protocol, client, server side and tapes. Depends on core, pyzmq and msgpack."""
