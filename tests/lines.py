"""Records written in a few words, for tests that need their own logs."""

from provrdf.records import Record

DAY = "2026-11-22T"


def moment(clock: str) -> str:
    """Give a time on the day of the tests: ``10:00`` -> ``2026-11-22T10:00:00``."""
    return f"{DAY}{clock}:00" if clock.count(":") == 1 else f"{DAY}{clock}"


class Log:
    """Builds the records of a log line by line; every line gets the next number."""

    def __init__(self, file: str = "prov.log") -> None:
        self.records: list[Record] = []
        self._file = file

    def line(self, time: str, **data) -> "Log":
        """Add one record."""
        self.records.append(Record(moment(time), data, self._file, len(self.records) + 1))
        return self

    def session(self, session_id, start="09:00", **more) -> "Log":
        """Add a session record."""
        return self.line(start, session_id=session_id, startTime=moment(start), **more)

    def run(self, activity_id, name, session, start, end, used=(), made=(), tag=None, roles=None) -> "Log":
        """Add a whole activity: start, usages, generations, end; all lines are logged at its end."""
        tagged = {} if tag is None else {"session_tag": tag}
        roles = roles or {}
        self.line(
            end or start,
            activity_id=activity_id,
            name=name,
            startTime=moment(start),
            in_session=session,
            **tagged,
        )
        for relation, names in (("used", used), ("generated", made)):
            for file in names:
                self.file(end or start, file, **tagged)
                data = {
                    "activity_id": activity_id,
                    f"{relation}_id": file,
                    f"{relation}_role": roles.get(file, file),
                }
                self.line(end or start, **data, **tagged)
        if end is not None:
            self.line(end, activity_id=activity_id, endTime=moment(end), **tagged)
        return self

    def file(self, time, file, **more) -> "Log":
        """Add the entity record of a file."""
        return self.line(time, entity_id=file, name="File", filepath=f"/data/{file}", type="File", **more)
