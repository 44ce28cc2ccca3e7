"""glTF 2.0 read as motions: nodes, animations and skins, in numpy (Khronos Group, glTF 2.0 Specification, 2021).

Without a library: pygltflib, the common one, holds the document as classes and decodes no accessor, animation or skin.
"""
