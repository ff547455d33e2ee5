"""Planning: what a recipe will need on a machine, worked out before anything is loaded.

It is arithmetic over the catalogue, imported by the engine's server, and so imports no torch. The
formulas for activations follow the classes as diffusers has them; tests trace those classes at
full size and hold the formulas against what they see.
"""
