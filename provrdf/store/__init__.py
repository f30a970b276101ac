"""The local store: a folder with a graph database, and with the records it was made from.

Reading a log again adds nothing, a log that grew is read from where reading stopped, and a session whose
records changed is mapped anew as a whole, because its graph is a function of all its records.

``follow``    what is new in a file        ``route``   which session a record belongs to
``records``   records as text for keeping  ``state``   the SQLite file: the truth
``remake``    graphs from records          ``database``  the graph database
``lock``      one writer, many readers
"""

from provrdf.store.folder import Ingested, SessionInfo, SourceInfo, Store, is_store

__all__ = ["Ingested", "SessionInfo", "SourceInfo", "Store", "is_store"]
