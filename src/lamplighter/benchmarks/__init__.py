"""The project's benchmark suite: seeded synthetic work, each figure beside a reference measured in the same run.

An absolute time is stable neither from run to run nor from machine to machine; the ratio to the reference is nearer to
it. Each figure runs in a process of its own, so that its peak memory is its own. Tests never fail on a clock: they only
run the suite at its smallest size. See docs/performance.md.
"""
