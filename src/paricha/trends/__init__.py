"""Counts with definitions: the evening brief, each figure traced to its rows and they to their originals.

Takes what all rooms stored; gives figures that are counted from rows at the moment of asking, never typed.
Refuses a figure without a definition. Names nobody. Start reading at `figures`.
"""
