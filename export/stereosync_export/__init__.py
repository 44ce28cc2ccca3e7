"""Export: PyTorch checkpoint in, bundle of ONNX graphs out."""
