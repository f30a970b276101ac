"""Writing down activities: what happens around a call, and never inside it.

Everything here runs between the pipeline's own steps, so nothing may be raised into them: what goes wrong is
counted, and told once. Only an interrupt by the user passes.
"""

from __future__ import annotations

import os
import platform
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from provrdf.capture import environment
from provrdf.capture.bind import Binder, Scope
from provrdf.capture.clock import Clock
from provrdf.capture.entities import Data, Describer
from provrdf.capture.family import FAMILY
from provrdf.capture.follow import follow
from provrdf.capture.identity import Files
from provrdf.capture.inside import BUSY, CURRENT, VARIABLE, Inside, Session, new_uuid, token
from provrdf.capture.plain import Plainer
from provrdf.capture.plan import Plan
from provrdf.capture.record_maker import Maker
from provrdf.capture.redact import Redactor
from provrdf.capture.settings import Settings
from provrdf.capture.troubles import CAUGHT, Troubles
from provrdf.capture.wire import Classic, Form, JsonLines

_ENVIRONMENT_FILE = {"type": "File", "contentType": "application/x-yaml"}
_PATIENCE = 0.01
"""Seconds for which a look at the log is believed."""
_STOPPED = ("KeyboardInterrupt", "CancelledError", "GeneratorExit")


class Open(NamedTuple):
    """An activity that has begun.

    Attributes
    ----------
    id : str
        Its id.
    plan : Plan
        What to record at its end.
    inside : Inside
        The activity itself, for what runs in it.
    around : Inside or None
        What it began inside of.
    process : int
        The process that began it: a forked copy of it does not end it.
    tag : str or None
        Its session tag.
    """

    id: str
    plan: Plan
    inside: Inside
    around: Inside | None
    process: int
    tag: str | None


class Recorder:
    """Writes the records of one capture.

    Parameters
    ----------
    settings : Settings
        How.
    troubles : Troubles
        Where what goes wrong is counted.
    """

    def __init__(self, settings: Settings, troubles: Troubles) -> None:
        self.settings = settings
        self.troubles = troubles
        self.redactor = Redactor(os.environ, words=settings.secret_words)
        self.clock = Clock(settings.zone)
        self.writer = FAMILY.writer(settings.log, troubles.warn)
        self.files = Files(
            settings.hash_method, content=settings.hash_buffer == "content", limit=settings.hash_limit
        )
        classic = settings.format == "classic"
        self._form: Form = (
            Classic(self.clock, settings.prefix, settings.layout) if classic else JsonLines(self.clock)
        )
        describer = Describer(
            self.files,
            FAMILY.objects(),
            redactor=self.redactor,
            clock=self.clock,
            troubles=troubles,
            allowed=settings.allow_methods,
        )
        self.maker = Maker(describer, self.redactor)
        self._agent = settings.agent or environment.login_name()
        self._script = self.redactor.clean(environment.script())[0]
        self._host = platform.node()
        self._modules = 0
        self._told: tuple[Session | None, Session] = (None, Session("", "", 0))

    def scope(
        self,
        binder: Binder | None = None,
        args: tuple[Any, ...] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Scope:
        """Return where the names of a call are looked up."""
        return Scope(binder, args, kwargs or {})

    def binder(self, function: Callable[..., Any]) -> Binder:
        """Return what names the arguments of a function's calls."""
        return Binder(function)

    def begin(self, plan: Plan, scope: Scope, *, enter: bool = True) -> Open | None:
        """Write the beginning of an activity: its start, parameters and what it uses.

        Parameters
        ----------
        plan : Plan
            What to record.
        scope : Scope
            Where names are looked up.
        enter : bool
            What runs from here on is inside of it; else that is for the caller to say.

        Returns
        -------
        Open or None
            To be handed to `end`; None when nothing is recorded.
        """
        busy = BUSY.set(True)
        try:
            opened = self._begin(plan, scope)
            if enter:
                CURRENT.set(opened.inside)
            return opened
        except CAUGHT as error:
            self.troubles.note(plan.name, error)
            return None
        finally:
            BUSY.reset(busy)

    def end(self, activity: Open, scope: Scope, *, error: BaseException | None = None) -> None:
        """Write the end of an activity: what it generated, and how it ended."""
        ended = time.time_ns()
        busy = BUSY.set(True)
        try:
            self._leave(activity)
            if activity.process == os.getpid():
                self._end(activity, scope, ended, error)
        except CAUGHT as trouble:
            self.troubles.note(activity.plan.name, trouble)
        finally:
            BUSY.reset(busy)

    def announce(self, session: Session, tag: str | None = None) -> None:
        """Write the record of a session, once per log."""
        announced = self.writer.announced
        if session.id in announced:
            return
        announced.add(session.id)
        record: Data = {
            "session_id": session.id,
            "name": session.name,
            "startTime": self.clock.at(session.started),
        }
        plainer = Plainer(self.redactor)
        if FAMILY.is_ours(session):
            self._describe(record, plainer)
        elif session.log == self.writer.template:
            return
        record.update((key, plainer.named(key, value)) for key, value in session.facts)
        record["redacted"] = record.get("redacted", 0) + plainer.redacted
        self._write([record], tag)

    def session(self) -> Session:
        """Return the session of the running code."""
        parent = FAMILY.parent()
        return parent.session if parent is not None else FAMILY.session(self._name)

    def write(self, records: Iterable[Data]) -> None:
        """Write records as they are; for adapters of other systems."""
        self._write(list(records))

    def _begin(self, plan: Plan, scope: Scope) -> Open:
        self._follow()
        around = FAMILY.parent()
        session = around.session if around is not None else FAMILY.session(self._name)
        tag = self._tag(plan.name, session)
        self.writer.look(patience=_PATIENCE)
        self.announce(session, tag)
        identity = new_uuid()
        try:
            details = self._details(identity, plan, scope)
        except CAUGHT as error:
            self.troubles.note(plan.name, error)
            details = []
        parent = around.activity if around is not None else None
        self._write([self.start(identity, plan.name, session, parent), *details], tag)
        inside = Inside(self._with_log(session), identity)
        return Open(identity, plan, inside, around, os.getpid(), tag)

    def _follow(self) -> None:
        """Follow the pipeline into what starts threads and processes, when such a module was loaded."""
        loaded = len(sys.modules)
        if loaded != self._modules:
            self._modules = loaded
            if self.settings.follow:
                follow()

    def _name(self) -> str:
        folder, name = os.path.split(self._script)
        # of "python -m package" the name says nothing, the folder does
        return self.settings.session_name or (os.path.basename(folder) if name == "__main__.py" else name)

    def _with_log(self, session: Session) -> Session:
        """Add the log to a session, so that a child process with the same log does not announce it again."""
        if session.log:
            return session
        known, told = self._told
        if known is not session:
            told = session._replace(log=self.writer.template)
            self._told = (session, told)
            if FAMILY.is_process_session(session):
                # for child processes that are started in ways that cannot be followed
                os.environ[VARIABLE] = token(Inside(told, None))
        return told

    def start(self, identity: str, name: str, session: Session, parent: str | None) -> Data:
        """Make the first record of an activity."""
        record: Data = {
            "activity_id": identity,
            "name": name,
            "startTime": self.clock.now(),
            "in_session": session.id,
            "agent_name": self._agent,
            "script": self._script,
            "host": self._host,
            "pid": os.getpid(),
        }
        if parent is not None:
            record["parent_id"] = parent
        return record

    def _end(self, activity: Open, scope: Scope, ended: int, error: BaseException | None) -> None:
        self.writer.look(patience=_PATIENCE)
        if error is None:
            records, status = self._generations(activity, scope), {"status": "completed"}
        else:
            records, status = [], {"status": _status(error), **self.maker.failure(error)}
        records.append({"activity_id": activity.id, "endTime": self.clock.at(ended), **status})
        self._write(records, activity.tag)

    def _generations(self, activity: Open, scope: Scope) -> list[Data]:
        """Give what was generated, and with logprov's option the result."""
        try:
            records = self.maker.generations(activity.id, activity.plan, scope)
            if self.settings.log_returned_result and scope.result is not None:
                known = frozenset(record.get("generated_id") for record in records)
                records.extend(self.maker.result(activity.id, scope.result, known))
        except CAUGHT as error:
            self.troubles.note(activity.plan.name, error)
            return []
        return records

    def _leave(self, activity: Open) -> None:
        """Step out of an activity, unless something else was stepped into meanwhile."""
        if CURRENT.get() is activity.inside:
            CURRENT.set(activity.around)

    def _details(self, identity: str, plan: Plan, scope: Scope) -> list[Data]:
        """Give parameters and usages, and with logprov's options the arguments."""
        settings = self.settings
        more: dict[str, object] = {}
        entities: dict[str, object] = {}
        if settings.log_args:
            if settings.log_args_as_entities:
                entities.update(scope.required)
            else:
                more.update((f"args.{name}", value) for name, value in scope.required.items())
        if settings.log_kwargs:
            more.update((f"kwargs.{name}", value) for name, value in scope.optional.items())
        maker = self.maker
        parameters = maker.parameters(identity, plan, scope, more)
        details = [] if parameters is None else [parameters]
        details.extend(maker.usages(identity, plan, scope))
        if entities:
            known = frozenset(record.get("used_id") for record in details)
            for name, value in entities.items():
                details.extend(maker.argument(identity, name, value, known))
        return details

    def _describe(self, record: Data, plainer: Plainer) -> None:
        """Add to a session's record where and in what it runs."""
        settings = self.settings
        described, count = environment.system(
            self.redactor, names=settings.env_vars, packages=settings.packages, started=self.clock.now()
        )
        described.update((key, plainer.named(key, value)) for key, value in settings.extra.items())
        jobs, more = environment.batch(self.redactor, os.environ)
        record.update(system=described, host=self._host, time_zone=settings.timezone, redacted=count + more)
        if jobs:
            record["batch"] = jobs
        version = environment.version_by_git(os.path.dirname(self._script)) if settings.git else None
        if version is not None:
            record["software_version"] = version
        if settings.logprov:
            # its reader takes these out of every session
            record.update(
                {"module": "__main__", "class": "module", "definitions": {"file": settings.model or ""}}
            )
        if settings.environment is not None and os.path.isfile(settings.environment):
            self._attach(record, settings.environment)

    def _attach(self, record: Data, path: str) -> None:
        """Add the environment file to a session's record; and as an entity of its own."""
        entity = self.maker.describer.file(path, "EnvironmentFile", facts=_ENVIRONMENT_FILE)
        record["environment_file"] = entity["filepath"]
        record["environment_file_hash"] = entity["hash"]
        record["environment_file_hash_type"] = entity["hash_type"]
        self._write([entity])

    def _tag(self, name: str, session: Session) -> str | None:
        template = self.settings.session_tag
        if template is None:
            return None
        return template.replace("{activity}", name).replace("{session}", session.name)

    def _write(self, records: list[Data], tag: str | None = None) -> None:
        if tag is not None:
            records = [{**record, "session_tag": tag} for record in records]
        if records:
            self.writer.write(self._form.lines(records), len(records))


def _status(error: BaseException) -> str:
    """Tell a failure from what was stopped on purpose."""
    if isinstance(error, SystemExit):
        return "stopped" if error.code in (None, 0) else "failed"
    return "stopped" if type(error).__name__ in _STOPPED else "failed"
