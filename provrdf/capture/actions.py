"""Words that say that a method does something: a value path of a model file only looks."""

from __future__ import annotations

_WORDS = (
    "abort accept acquire add append apply assign batch begin bind cancel chdir chmod chown clear close",
    "commit communicate connect copyfile create del delete detach disconnect discard drop dump dumps",
    "exec execute extend exit extract fill fit flush fork import insert install invalidate join kill",
    "launch link listen load lock mkdir modify move next open patch perform pickle pop popen popitem",
    "post process publish push put raise read readinto readline readlines recv reduce register release",
    "remove rename replace request reset restore resize retry reverse rmdir rmtree rollback run save",
    "seek send sendall set setattr setdefault setflags shuffle shutdown signal sleep sort spawn start",
    "stop store submit symlink system terminate throw touch truncate unlink unlock unpickle unregister",
    "update upload wait write writelines",
)

ACTIONS = frozenset(word for line in _WORDS for word in line.split())
"""First words of such methods' names."""
