"""Parity: what the exported graphs compute against what PyTorch computes, graph by graph and over a whole stream.

Only this folder and the command line of export know the runtime: what is compared is what is served, by the code that
serves it.
"""
