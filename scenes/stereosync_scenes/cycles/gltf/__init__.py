"""glTF 2.0 read as motions: nodes, animations and skins, in numpy (Khronos Group, glTF 2.0 Specification, 2021)."""
