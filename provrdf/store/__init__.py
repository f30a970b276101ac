"""The local store: a folder with a graph database, and with the records it was made from.

Reading a log again adds nothing, a log that grew is read from where reading stopped. The graph of a session
is a function of all its records and of what other sessions did to files: so the records are kept, and graphs
are brought up to date by difference (docs/decisions/0022).

``folder``     the store as a whole          ``accounts``   what it says of itself
``intake``     what is new, kept by unit     ``follow``     what is new in a file
``route``      to which session a record belongs
``records``    records as text for keeping   ``state``      the SQLite file: the truth
``events``     what happened to files        ``texts``      what was written of sessions
``remake``     graphs from records           ``additions``  or only what is new in them
``mapped``     the mapping of one unit       ``database``   the graph database
``lock``       one writer, many readers      ``schema``     tables
"""

from provrdf.store.accounts import Ingested, SessionInfo, SourceInfo
from provrdf.store.folder import Store, is_store

__all__ = ["Ingested", "SessionInfo", "SourceInfo", "Store", "is_store"]
