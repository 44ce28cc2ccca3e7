"""Runners: graphs of a bundle that run, in ONNX Runtime or TensorRT, and which device runs them."""
