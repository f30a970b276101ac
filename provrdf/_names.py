"""What the model file declares, as the ends of N-Quads lines; worked out once per name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from provrdf import iris
from provrdf.iris import part
from provrdf.mapping import DESCRIBED_BY, HAD_ROLE, ROLE
from provrdf.nquads import string
from provrdf.vocab import PROV, PROVRDF, RDF, VOPROV

if TYPE_CHECKING:
    from provrdf.config import AgentConfig
    from provrdf.model import ActivityDescription, Model

Tails = tuple[str, ...]
"""What is said of a subject: predicate and object of each line, put so that ``<subject`` comes before."""


def iri_tail(predicate: str, target: str) -> str:
    """Write predicate and IRI so that ``<subject`` comes before and `` <graph> .`` after."""
    return f"> <{predicate}> <{target}>"


def literal_tail(predicate: str, text: str) -> str:
    """Write predicate and literal so that ``<subject`` comes before and `` <graph> .`` after."""
    return f"> <{predicate}> {text}"


_AGENT_TEXTS = {
    "name": VOPROV.name,
    "email": VOPROV.email,
    "orcid": PROVRDF.orcid,
    "affiliation": VOPROV.affiliation,
    "phone": VOPROV.phone,
    "address": VOPROV.address,
    "url": VOPROV.url,
    "comment": VOPROV.comment,
}


class Names:
    """Descriptions and roles by logged name; nothing is said of a name the model does not declare.

    Parameters
    ----------
    base : str
        Base IRI.
    model : Model, optional
        Without one, roles get IRIs of their own and nothing else is described.
    agents : mapping, optional
        Login -> what the configuration says of the agent; it wins over the model.
    """

    def __init__(
        self, base: str, model: Model | None, agents: Mapping[str, AgentConfig] | None = None
    ) -> None:
        self.base = base
        self._model = model
        self._agents = agents or {}
        self._roles: dict[tuple[str, str | None, str], Tails] = {}
        self._steps: dict[str | None, Tails] = {}
        self._kinds: dict[str, Tails] = {}
        self._parameters: dict[tuple[str | None, str], Tails] = {}

    def _activity(self, name: str | None) -> ActivityDescription | None:
        return self._model.activities.get(name) if self._model and name is not None else None

    def step(self, name: str | None) -> Tails:
        """Tails of an activity: its class and its description."""
        known = self._steps.get(name)
        if known is None:
            known = ()
            if self._model and name is not None and self._activity(name):
                known = (
                    iri_tail(RDF.type, iris.model_step(self.base, self._model.sha256, name)),
                    iri_tail(DESCRIBED_BY, iris.model_activity(self.base, self._model.sha256, name)),
                )
            self._steps[name] = known
        return known

    def plan(self, name: str | None) -> Tails:
        """Tails of an association: the plan that the agent followed."""
        if self._model and name is not None and self._activity(name):
            return (iri_tail(PROV.hadPlan, iris.model_activity(self.base, self._model.sha256, name)),)
        return ()

    def agent(self, name: str) -> Tails:
        """Tails of an agent: what it is and how to reach it, from the model file and the configuration.

        A login is no person: only where one of them says so the agent is called one.
        """
        said: dict[str, str] = {}
        for source in (self._model.agents.get(name) if self._model else None, self._agents.get(name)):
            for key in (*_AGENT_TEXTS, "type") if source is not None else ():
                value = getattr(source, key, None)
                if value is not None and (key != "name" or value != name):
                    said[key] = str(value)
        types = (iri_tail(RDF.type, PROV.BASE + said["type"]),) if "type" in said else ()
        texts = [literal_tail(_AGENT_TEXTS[key], string(said[key])) for key in _AGENT_TEXTS if key in said]
        return (*types, *texts)

    def kind(self, name: str) -> Tails:
        """Tails of an entity: its class and its description."""
        known = self._kinds.get(name)
        if known is None:
            known = ()
            if self._model and name in self._model.entities:
                known = (
                    iri_tail(RDF.type, iris.model_kind(self.base, self._model.sha256, name)),
                    iri_tail(DESCRIBED_BY, iris.model_entity(self.base, self._model.sha256, name)),
                )
            self._kinds[name] = known
        return known

    def parameter(self, activity: str | None, name: str) -> Tails:
        """Tails of a parameter: its description."""
        known = self._parameters.get((activity, name))
        if known is None:
            known = ()
            description = self._activity(activity)
            if self._model and description and description.parameter(name):
                iri = iris.model_parameter(self.base, self._model.sha256, description.name, name)
                known = (iri_tail(DESCRIBED_BY, iri),)
            self._parameters[activity, name] = known
        return known

    def role(self, relation: str, activity: str | None, role: object) -> Tails:
        """Tails of a usage or generation: the role as text and as IRI, and its description if any."""
        text = str(role)
        known = self._roles.get((relation, activity, text))
        if known is None:
            known = self._roles[relation, activity, text] = self._role(relation, activity, text)
        return known

    def _role(self, relation: str, activity: str | None, role: str) -> Tails:
        text = literal_tail(ROLE, string(role))
        description = self._activity(activity)
        if self._model and description:
            declared, mint = (
                (description.usage(role), iris.model_usage)
                if relation == "usage"
                else (description.generation(role), iris.model_generation)
            )
            if declared:
                iri = mint(self.base, self._model.sha256, description.name, role)
                return text, iri_tail(HAD_ROLE, iri), iri_tail(DESCRIBED_BY, iri)
        return text, iri_tail(HAD_ROLE, f"{self.base}role/{part(role)}")
