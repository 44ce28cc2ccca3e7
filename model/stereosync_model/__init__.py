"""The PyTorch model: codec, cue encoder, backbone, flow head, checkpoints."""
