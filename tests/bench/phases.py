"""What is measured, one function for each kind of number. Each leaves nothing running behind."""

import re
import statistics
import time
from collections.abc import Sequence
from typing import Any

import requests

from tests.bench import load, processes, visitors
from tests.bench.place import MEASURED, Place
from tests.bench.visitors import Visitor
from tests.stack.programs import Program
from tests.stack.sites import Site

CONNECTIONS = (1, 8, 32)
SHARE = 0.2  # of a core for each worker, where two are compared with one
CHANGE = "change"
BARE = "bare"
NO_LIMIT = 10**9
TIMED = re.compile(r"(\w+);dur=([\d.]+)")


def starts(place: Place, *, times: int) -> dict[str, Any]:
    """Seconds from the command to the first page, with the worker beside it, as in the image.

    The page is the overview of somebody whose session is older than the process.
    """
    with place.site() as site:
        site.start()
        cookies = place.alice().http.cookies
    seconds = []
    for _time in range(times):
        with place.site(ACCOUNTSITE_WORKER="1") as site:
            began = time.perf_counter()
            site.begin()
            while not _answers(place.origin, cookies):
                assert site.is_running, site.last_words()
                time.sleep(0.01)
            seconds.append(time.perf_counter() - began)
    return {"seconds": seconds, "median": statistics.median(seconds)}


def own_times(place: Place, *, pages: int) -> dict[str, Any]:
    """What each page takes, one at a time, and what of it is what. Times are in milliseconds.

    The parts are measured in a run of their own, as their clocks slow the whole.
    """
    whole, parts = (_own_times(place, pages, clocks) for clocks in ("", "1"))
    return {
        name: found | {part: value for part, value in parts[name].items() if part[:3] == "in_"}
        for name, found in whole.items()
    }


def _own_times(place: Place, pages: int, clocks: str) -> dict[str, Any]:
    found = {}
    with place.site(DJANGO_SETTINGS_MODULE=MEASURED, BENCH_PARTS=clocks) as site:
        site.start()
        _on_own_core(site)
        place.without_delay()
        alice, (newcomer,) = place.alice(), visitors.newcomers(place.origin, place.tenant, 1)
        changes = newcomer.changes()
        place.with_delay()
        for name, path in visitors.PAGES.items():
            found[name] = _typical([_timing(alice.get(path)) for _page in range(pages + 5)][5:])
        done = place.changes_done()
        sent = [newcomer.send(changes[number % 2]) for number in range(pages)]
        assert place.changes_done() - done == pages, "a change that changed nothing"
        found[CHANGE] = _typical([_timing(answer) for answer in sent])
    return found


def throughput(
    place: Place, site: Site, *, seconds: float, connections: tuple[int, ...], names: list[str]
) -> dict[str, Any]:
    """Pages per second and how long they took, for so many visitors at once."""
    place.without_delay()
    alice = place.alice()
    wanted = max(connections) if CHANGE in names else 0
    people = visitors.newcomers(place.origin, place.tenant, wanted)
    changes = [
        [person.request(visitors.CHANGED, form=form) for form in person.changes()]
        for person in people
    ]
    place.with_delay()
    found: dict[str, Any] = {}
    for name in names:
        for count in connections:
            own = changes[:count] if name == CHANGE else [[page(alice, name)]] * count
            found.setdefault(name, {})[str(count)] = _loaded(place, site, own, seconds)
    return found


def bare(place: Place, *, seconds: float, connections: tuple[int, ...]) -> dict[str, Any]:
    """The same for a view around which there is nothing."""
    nobody = Visitor(place.origin, requests.Session())
    with place.bare() as site:
        site.start()
        _on_own_core(site)
        requested = [nobody.request("/")]
        return {
            str(count): _loaded(place, site, [requested] * count, seconds) for count in connections
        }


def memory(place: Place, site: Site, *, steps: list[int], served: int = 0) -> dict[str, Any]:
    """Megabytes of the worker after so many pages; `served` have been before. Pages are of all kinds."""
    alice = place.alice()
    mixture = [page(alice, name) for name in visitors.PAGES]
    found = {}
    for step in steps:
        if step > served:
            options = {"seconds": 600.0, "most": step - served}
            load.start(port=place.port, requests=_shifted(mixture, 16), **options)
            served = step
        found[str(step)] = megabytes(site)
    return found


def megabytes(site: Site) -> dict[str, float]:
    """What the worker of a site with one takes, and what the whole site does."""
    assert site.process is not None
    (worker,) = processes.workers(site.process.pid)
    every = map(processes.memory, processes.family(site.process.pid))
    return {**processes.memory(worker), "all": sum(each["pss"] for each in every)}


def page(visitor: Visitor, name: str) -> str:
    """The request for one of the pages."""
    return visitor.request(visitors.PAGES[name])


def compared(place: Place, *, seconds: float, names: list[str]) -> dict[str, Any]:
    """Pages per second of one worker and of two, when each may have as much of a core as the other.

    On a machine of two cores two workers would have to share them with the tenant and the
    visitors; with less than a core for each, what slows them is only what they have in common.
    """
    found: dict[str, Any] = {"share": SHARE}
    for workers in (1, 2):
        with place.site(workers=workers) as site:
            site.start()
            assert site.process is not None
            pids = processes.all_workers(site.process.pid, count=workers)
            processes.pin(site.process.pid, processes.ALL)
            place.without_delay()
            with processes.limited(pids, share=SHARE) as is_limited:
                found["is_limited"] = is_limited
                found[str(workers)] = throughput(
                    place, site, seconds=seconds, connections=(32,), names=names
                )
    return found


def _loaded(place: Place, site: Program, own: list[list[str]], seconds: float) -> dict[str, Any]:
    """One figure, after a moment that does not count."""
    options = {"port": place.port, "requests": own, "most": NO_LIMIT}
    load.start(seconds=min(0.5, seconds / 4), **options)
    assert site.process is not None
    family = processes.family(site.process.pid)
    others = [
        place.tenant.process.pid,
        *(each for pid in place.servers for each in processes.family(pid)),
    ]
    before, theirs = _worked(family), _worked(others)
    figure: dict[str, Any] = load.start(seconds=seconds, **options)
    assert set(figure["statuses"]) == {"200"}, figure["statuses"]
    figure["cpu_ms_per_page"] = (_worked(family) - before) * 1000 / figure["pages"]
    # What stands behind the site must not be what its pages wait for: that would be its measure.
    figure["cores_behind"] = (_worked(others) - theirs) / figure["seconds"]
    return figure


def _worked(pids: Sequence[int]) -> float:
    return sum(map(processes.cpu_seconds, pids))


def _on_own_core(site: Program) -> None:
    assert site.process is not None
    processes.pin(site.process.pid, processes.OURS)


def _shifted(mixture: list[str], count: int) -> list[list[str]]:
    """The same list for each, begun at another place."""
    lists = []
    for number in range(count):
        at = number % len(mixture)
        lists.append(mixture[at:] + mixture[:at])
    return lists


def _answers(origin: str, cookies: Any) -> bool:
    try:
        answer = requests.get(origin, cookies=cookies, timeout=10, allow_redirects=False)
    except requests.RequestException:
        return False
    return answer.status_code == 200


def _timing(answer: requests.Response) -> dict[str, float]:
    assert answer.ok, answer.text
    found = {name: float(value) for name, value in TIMED.findall(answer.headers["Server-Timing"])}
    return {**found, "bytes": float(answer.headers["Content-Length"])}


def _typical(pages: list[dict[str, float]]) -> dict[str, float]:
    """The median of each number; and what is in no part is the rest."""
    names = sorted({name for one in pages for name in one})
    found = {name: statistics.median(one.get(name, 0.0) for one in pages) for name in names}
    parts = sum(value for name, value in found.items() if name.startswith("in_"))
    return {
        **found,
        **({"in_rest": max(0.0, found["cpu"] - parts)} if parts else {}),
        "besides": statistics.median(one["wall"] - one["wait"] for one in pages),
    }
