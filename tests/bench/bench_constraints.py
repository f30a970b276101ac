"""How long PROV-CONSTRAINTS takes: run ``python tests/bench/bench_constraints.py [ACTIVITIES]``.

Builds a chain of pipeline steps in the shape provrdf writes (records with nodes of their own, versions,
derivations), about 32 triples per activity, in one graph per hundred activities.
"""

import sys
import time
import tracemalloc

import pyoxigraph

from provrdf.constraints import check_prov

EX = "http://example.org/"


def document(activities, *, loop=False):
    """TriG text of a chain of activities; with `loop`, the first input is derived from the last product."""
    yield f"@prefix prov: <http://www.w3.org/ns/prov#> . @prefix : <{EX}> .\n"
    for number in range(activities):
        if number % 100 == 0:
            yield ("" if number == 0 else "}\n") + f":graph{number} {{\n"
        before = f"file{number}"
        yield f"""
        :run{number} a prov:Activity ; prov:startedAtTime "2026-01-01T00:00:00Z" ;
            prov:endedAtTime "2026-01-01T00:01:00Z" ; prov:wasAssociatedWith :robot ;
            prov:qualifiedAssociation :association{number} ; prov:used :{before}, :calibration ;
            prov:qualifiedUsage :usage{number}a, :usage{number}b .
        :robot a prov:Agent .
        :association{number} a prov:Association ; prov:agent :robot ; prov:hadRole :operator .
        :usage{number}a a prov:Usage ; prov:entity :{before} ; prov:hadRole :input .
        :usage{number}b a prov:Usage ; prov:entity :calibration ; prov:hadRole :calibration .
        :file{number + 1} a prov:Entity ; prov:wasGeneratedBy :run{number} ; prov:wasDerivedFrom :{before} ;
            prov:qualifiedGeneration :generation{number} ; prov:specializationOf :path{number + 1} ;
            prov:qualifiedDerivation :derivation{number} .
        :generation{number} a prov:Generation ; prov:activity :run{number} ; prov:hadRole :output .
        :derivation{number} a prov:Derivation ; prov:entity :{before} .
        :path{number + 1} a prov:Entity .
        """
    if loop:
        yield f":file0 prov:wasDerivedFrom :file{activities} .\n"
    yield "}\n"


def timed(what, work):
    """Run something, say how long it took, return its result."""
    start = time.perf_counter()
    result = work()
    print(f"{what:<50} {time.perf_counter() - start:7.3f} s")
    return result


def main(activities=2000):
    """Time parsing and checking, of valid data and of one long loop; and the memory of checking."""
    for loop in (False, True):
        text = "".join(document(activities, loop=loop))
        quads = timed(
            "parse", lambda text=text: list(pyoxigraph.parse(text, format=pyoxigraph.RdfFormat.TRIG))
        )
        results = timed(
            f"check {len(quads):,} quads{', one loop' * loop}", lambda quads=quads: check_prov(quads)
        )
        print(f"  {len(results)} findings")
    store = pyoxigraph.Store()
    store.extend(quads)
    tracemalloc.start()
    check_prov(store)
    print(f"peak memory while checking a store: {tracemalloc.get_traced_memory()[1] / 1e6:.1f} MB")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
