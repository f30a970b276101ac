"""The steps by which one graph is published. Each may be interrupted and repeated at any point.

1. Ask which content is current. Ours: done, nothing was sent.
2. Ask whether our content is there already, from a run that stopped: then go to 4.
3. Send it to a graph named after its content, which nobody refers to yet.
4. Verify it there. Wrong: take out what is not ours, send once more, then give up.
5. Move the pointer with ONE compare-and-swap: old content -> ours.
6. Read the pointer. Only this says that it is published. Two pointers, because two publishers met on a store
   that let both through: the higher serial stays.
Every reader who follows the pointer sees the old content whole or the new one whole.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial

from provrdf.publish import catalog
from provrdf.publish.asking import CatalogReader, count, read_back
from provrdf.publish.catalog import CatalogSettings, Change, Entry
from provrdf.publish.client import ClientError, SparqlClient
from provrdf.publish.content import SessionGraph
from provrdf.publish.profiles import Capabilities
from provrdf.publish.receipt import Outcome, State
from provrdf.publish.state import StateFolder
from provrdf.publish.uploading import Progress, settled, update_line, upload
from provrdf.publish.verifying import comparable, verify
from provrdf.sparql import quote_iri

_REPAIRS = 5
_PART = 2 << 20  # bytes from which a graph is worth dividing
_PARTS = 3


class StepError(Exception):
    """A step cannot go on; carries what becomes of the graph and what a person should do."""

    def __init__(self, state: State, message: str) -> None:
        self.state = state
        super().__init__(message)


@dataclass(frozen=True)
class Protocol:
    """Publishes graphs to one store, one at a time or several at once.

    Attributes
    ----------
    client : SparqlClient
        The store.
    capabilities : Capabilities
        What it can do.
    settings : CatalogSettings
        What the catalog says.
    state : StateFolder
        The manifest.
    republish : bool
        Publish sessions that were withdrawn.
    in_parts : bool
        Send large graphs in parts, and verify each while the next is on its way.
    clock : callable
        Tells the time, UTC.
    """

    client: SparqlClient
    capabilities: Capabilities
    settings: CatalogSettings
    state: StateFolder
    republish: bool = False
    in_parts: bool = False
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    def publish(self, graph: SessionGraph, entry: Entry, *, progress: Progress | None = None) -> Outcome:
        """Take one graph through all steps; says how it went, never raises for what the store does."""
        started = time.monotonic()
        resumed = False
        try:
            if entry.current == (graph.published,):
                state, message = "unchanged", ""
            elif entry.withdrawn and not self.republish:
                state = "withdrawn"
                message = f"withdrawn on {entry.withdrawn}; --republish publishes it again"
            else:
                resumed = self._bring(graph, progress)
                self._commit(graph, entry, resumed=resumed)
                state, message = "published", ""
        except StepError as error:
            state, message = error.state, str(error)
        except ClientError as error:
            state, message = (
                "failed",
                f"{error.message}; what was published before still is. Run the same again",
            )
        return Outcome(
            name=graph.name,
            key=graph.key,
            state=state,  # type: ignore[arg-type]
            graph=graph.published,
            previous=entry.current[0] if entry.current else None,
            digest=graph.content.digest,
            triples=graph.content.triples,
            resumed=resumed,
            message=message,
            seconds=round(time.monotonic() - started, 3),
        )

    # -- steps 2 to 4: the content -----------------------------------------------------------------------

    def _bring(self, graph: SessionGraph, progress: Progress | None) -> bool:
        """Make sure the content is in the store; tell whether it was there before."""
        name, content = graph.published, graph.content
        there = count(self.client, name)
        if there == content.triples and self._verified(graph):
            return True
        for last in (False, True):
            self._note("upload", graph)
            parts = 1 if last else self.parts(content.size)
            sent = partial(upload, self.client, name, content, self.capabilities, progress=progress)
            if sent(parts=parts) or self._verified(graph):
                self._note("verified", graph)
                return False
            if settled(self.client, name) == content.triples and self._verified(graph):
                return False
            if not last:
                self._remove_strange(graph)
        raise StepError(
            "failed",
            "the store does not give back what was sent, so nothing refers to it; run the same again, "
            "and if that does not help: it changes or refuses some values, see --probe",
        )

    def parts(self, size: int) -> int:
        """Return in how many parts to send so many bytes."""
        return min(max(size // _PART, 1), _PARTS) if self.in_parts else 1

    def _verified(self, graph: SessionGraph) -> bool:
        return verify(self.client, graph.published, graph.content, self.capabilities)

    def _remove_strange(self, graph: SessionGraph) -> None:
        """Delete statements that are not in the content, one by one.

        Never the graph as a whole: a late copy of that request could arrive after the graph became current.
        """
        ours = {comparable(statement) for statement in graph.content.statements()}
        found = read_back(self.client, graph.published, row_cap=self.capabilities.row_cap)
        strange = [statement for statement in found if comparable(statement) not in ours]
        for start in range(0, len(strange), self.capabilities.batch):
            lines = "\n".join(map(update_line, strange[start : start + self.capabilities.batch]))
            text = f"DELETE DATA {{ GRAPH {quote_iri(graph.published)} {{\n{lines}\n}} }}"
            self.client.persist(lambda text=text: self.client.update(text))  # type: ignore[misc]

    # -- steps 5 and 6: the pointer ----------------------------------------------------------------------

    def _commit(self, graph: SessionGraph, entry: Entry, *, resumed: bool) -> None:
        self._note("commit", graph)
        try:
            before = self._single(graph.name, entry.current)
            change = catalog.publication(graph, replace(entry, current=before), self.settings, self.clock())
            found = self.swap(change, graph.name, (graph.published,), before=before)
            found = self._single(graph.name, found)
            # A run that cleans up may have deleted content that was already there when this run began.
            gone = resumed and count(self.client, graph.published) != graph.content.triples
        except ClientError as error:
            message = f"{error.message}; whether it was done is unknown: run the same again to find out"
            raise StepError("unknown", message) from error
        if gone:
            raise StepError("unknown", "its content was deleted while it was published; run the same again")
        if found != (graph.published,):
            raise StepError(
                "overtaken",
                "another publisher published this session at the same time and its content counts; "
                "run the same again if yours should",
            )
        self._note("published", graph)

    def swap(
        self,
        change: Change,
        name: str,
        wanted: tuple[str, ...],
        *,
        before: tuple[str, ...] | None = None,
    ) -> tuple[str, ...]:
        """Send a change until the pointer shows it (or something third), and return what the pointer shows.

        Raises
        ------
        StepError
            The pointer stayed as it was.
        ClientError
            It cannot be read.
        """
        text = catalog.update_text(change, self.settings)
        uncertain, why = False, "the store answered, but did nothing"
        for number in range(1, self.client.patience.tries + 1):
            refused: ClientError | None = None
            try:
                self.client.update(text)
            except ClientError as error:
                refused, why = error, error.message
                uncertain = uncertain or error.status in (0, 502, 504)
            found = CatalogReader(self.client, self.settings).current(name)
            if set(wanted) <= set(found) and (wanted or not found):
                return found
            if before is not None and found != before:
                return found
            if refused and not refused.again:
                break
            self.client.pause(number, refused.wait if refused else 0.0)
        if uncertain:
            raise StepError(
                "unknown", f"{why}; whether it was done is unknown: run the same again to find out"
            )
        raise StepError("failed", f"{why}; nothing was changed. Run the same again")

    def _single(self, name: str, found: tuple[str, ...]) -> tuple[str, ...]:
        """Take back the pointers of publishers that came second, until one is left."""
        for _ in range(_REPAIRS):
            if len(found) <= 1:
                return found
            for loser in found[1:]:
                change = catalog.unlink(name, loser, self.settings, self.clock())
                self.client.persist(
                    lambda change=change: self.client.update(  # type: ignore[misc]
                        catalog.update_text(change, self.settings)
                    )
                )
            found = CatalogReader(self.client, self.settings).current(name)
        raise StepError("unknown", "other publishers keep changing this session; run the same again")

    def _note(self, step: str, graph: SessionGraph) -> None:
        self.state.note(
            step=step,
            name=graph.name,
            graph=graph.published,
            digest=graph.content.digest,
            triples=graph.content.triples,
        )
