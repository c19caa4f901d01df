"""The tables of the workspace file, a module each; ``engine.config`` puts them together."""
