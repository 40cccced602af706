"""Many repositories in one run: each fetched, migrated in a process of its own, left as a branch or patch.

The originals are only read. All that a run makes is in one folder, which also says how far the run came.
"""
