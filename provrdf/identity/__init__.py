"""Identity: which session, activity, entity and file version a logged id means.

Ids come from the lines, never from their order: the result is a function of the set of records.

``collect``   puts records together by subject; ``resolve`` decides which subjects are the same;
``versions``  splits a file that is written again and again into versions and binds usages to them.
"""

from provrdf.identity.collect import Collector
from provrdf.identity.lines import Place
from provrdf.identity.resolve import Resolution, resolve
from provrdf.identity.subjects import Activity, Entity, Session
from provrdf.identity.versions import FileEvent

__all__ = ["Activity", "Collector", "Entity", "FileEvent", "Place", "Resolution", "Session", "resolve"]
