"""The numbers as tables for people, and whether they are within what design.md allows."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

BEGIN, END = "<!-- measured -->", "<!-- /measured -->"
BUDGETS = {
    "Logto round trips in a row, to show a page": 1,
    "Logto round trips in a row, to change something": 2,
    "own time of a page, p50, one worker, ms": 10,
    "pages per second, one worker with 16 threads": 100,
    "two workers, as a multiple of one": 1.8,
    "memory of a worker after 10,000 pages, MB": 110,
    "growth from 1,000 to 10,000 pages, MB": 5,
    "start to first answered page, s": 2,
    "first visit, bytes": 45_000,
    "first visit, requests": 8,
    "repeat visit, bytes": 8_000,
}
AT_LEAST = {"pages per second, one worker with 16 threads", "two workers, as a multiple of one"}
LAYERS = {
    "template": "templates",
    "calls": "calls of Logto",
    "reading": "reading answers",
    "threads": "handing out",
    "database": "database",
    "session": "session, sealing",
    "cache": "cache",
    "compression": "compression",
    "middleware": "views, middleware",
    "rest": "rest",
}


def are_held(found: dict[str, Any]) -> bool:
    """Whether all that was measured is within its budget."""
    return all(is_held for _what, _wanted, _value, is_held in budgets(found))


def budgets(found: dict[str, Any]) -> Iterator[tuple[str, float, float, bool]]:
    """What, the budget, the worst that was measured, and whether that is within."""
    for what, value in _worst(found):
        wanted = BUDGETS[what]
        yield what, wanted, value, value >= wanted if what in AT_LEAST else value <= wanted


def markdown(found: dict[str, Any]) -> str:
    """All tables, as they stand in docs/performance.md."""
    return "\n\n".join(filter(None, [_machine(found), *map("\n".join, _tables(found))]))


def write(found: dict[str, Any], page: Path) -> None:
    """Put the tables where those of the last time stand."""
    before, begin, rest = page.read_text().partition(BEGIN)
    _old, end, after = rest.partition(END)
    assert begin, f"{page} has no {BEGIN}"
    assert end, f"{page} has no {END}"
    page.write_text(f"{before}{begin}\n{markdown(found)}\n{end}{after}")


def _worst(found: dict[str, Any]) -> Iterator[tuple[str, float]]:
    own = dict(found.get("own", {}))
    if change := own.pop("change", None):
        yield (
            "Logto round trips in a row, to show a page",
            max(page["row"] for page in own.values()),
        )
        yield "Logto round trips in a row, to change something", change["row"]
        yield "own time of a page, p50, one worker, ms", max(page["cpu"] for page in own.values())
    if load := found.get("load"):
        best = [
            max(figure["pages_per_second"] for figure in page.values()) for page in load.values()
        ]
        yield "pages per second, one worker with 16 threads", min(best)
    if ratios := dict(_ratios(found)):
        yield "two workers, as a multiple of one", min(ratios.values())
    if (memory := found.get("memory")) and "10000" in memory:
        yield "memory of a worker after 10,000 pages, MB", memory["10000"]["pss"]
        yield (
            "growth from 1,000 to 10,000 pages, MB",
            memory["10000"]["rss"] - memory["1000"]["rss"],
        )
    if start := found.get("start"):
        yield "start to first answered page, s", start["median"]
    if weight := found.get("weight"):
        pages = weight["pages"].values()
        yield "first visit, bytes", max(page["first"]["bytes"] for page in pages)
        yield "first visit, requests", max(page["first"]["requests"] for page in pages)
        yield "repeat visit, bytes", max(page["repeat"]["bytes"] for page in pages)


def _ratios(found: dict[str, Any]) -> Iterator[tuple[str, float]]:
    workers = found.get("workers", {})
    if workers.get("is_limited"):
        for name, one in workers["1"].items():
            two = workers["2"][name]
            yield name, two["32"]["pages_per_second"] / one["32"]["pages_per_second"]


def _machine(found: dict[str, Any]) -> str:
    told = found["machine"]
    build = "" if told["is_python_optimized"] else " (built without optimizations)"
    return (
        f"{told['date']}, commit {told['commit']}. {told['processor']}, {told['cores']} cores, "
        f"{told['memory_gb']} GB; {told['system']}, Python {told['python']}{build}, "
        f"Django {told['django']}, gunicorn {told['gunicorn']}. "
        f"Load of the machine before: {told['load_before']:.1f}. It took {told['minutes']:.0f} minutes."
    )


def _tables(found: dict[str, Any]) -> Iterator[list[str]]:
    if rows := list(budgets(found)):
        yield [
            "| what | budget | measured | |",
            "|---|--:|--:|---|",
            *(
                f"| {what} | {wanted:,g} | {_short(value)} | {'held' if is_held else '**missed**'} |"
                for what, wanted, value, is_held in rows
            ),
        ]
    if own := found.get("own"):
        yield _own(own)
        yield _layers(own)
    if load := found.get("load"):
        yield _load(load, found["bare"])
    if workers := found.get("workers"):
        yield _workers(workers, dict(_ratios(found)))
    if memory := found.get("memory"):
        yield [
            "| pages served | RSS of the worker, MB | PSS, MB | PSS of all processes, MB |",
            "|--:|--:|--:|--:|",
            *(
                f"| {after} | {told['rss']:.0f} | {told['pss']:.0f} | {told['all']:.0f} |"
                for after, told in memory.items()
            ),
        ]
    if weight := found.get("weight"):
        yield _weight(weight["pages"])
        yield [_back(weight["back"])]


def _own(own: dict[str, Any]) -> list[str]:
    return [
        "| page | own CPU, ms | besides Logto, ms | whole, ms | Logto calls | in a row | queries | bytes |",
        "|---|--:|--:|--:|--:|--:|--:|--:|",
        *(
            f"| {name} | {page['cpu']:.1f} | {page['besides']:.1f} | {page['wall']:.1f} "
            f"| {page['calls']:.0f} | {page['row']:.0f} | {page['queries']:.0f} | {page['bytes']:,.0f} |"
            for name, page in own.items()
        ),
    ]


def _layers(own: dict[str, Any]) -> list[str]:
    return [
        f"| own CPU, ms | {' | '.join(LAYERS.values())} |",
        f"|---|{'--:|' * len(LAYERS)}",
        *(
            f"| {name} | {' | '.join(f'{page.get(f"in_{layer}", 0):.1f}' for layer in LAYERS)} |"
            for name, page in own.items()
        ),
    ]


def _load(load: dict[str, Any], bare: dict[str, Any]) -> list[str]:
    rows = [
        "| page | visitors | pages/s | of bare | p50, ms | p95, ms | p99, ms | CPU per page, ms |",
        "|---|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for name, figures in {"bare view": bare, **load}.items():
        for count, one in figures.items():
            ratio = one["pages_per_second"] / bare[count]["pages_per_second"]
            rows.append(
                f"| {name} | {count} | {one['pages_per_second']:.0f} | {ratio:.2f} | {one['p50']:.0f} "
                f"| {one['p95']:.0f} | {one['p99']:.0f} | {one['cpu_ms_per_page']:.1f} |"
            )
    return rows


def _workers(workers: dict[str, Any], ratios: dict[str, float]) -> list[str]:
    title = f"page, {workers['share']:.0%} of a core for each worker"
    return [
        (
            f"| {title} | one, pages/s | two, pages/s | ratio | CPU per page, ms: one | two "
            f"| cores behind: one | two |"
        ),
        f"|---|{'--:|' * 7}",
        *(
            f"| {name} | {one['pages_per_second']:.0f} | {two['pages_per_second']:.0f} "
            f"| {ratios.get(name, 0):.2f} | {one['cpu_ms_per_page']:.1f} "
            f"| {two['cpu_ms_per_page']:.1f} | {one['cores_behind']:.2f} | {two['cores_behind']:.2f} |"
            for name, one, two in (
                (name, each["32"], workers["2"][name]["32"]) for name, each in workers["1"].items()
            )
        ),
    ]


def _weight(pages: dict[str, Any]) -> list[str]:
    return [
        "| page | first visit, bytes | requests | repeat visit, bytes | requests |",
        "|---|--:|--:|--:|--:|",
        *(
            f"| {name} | {page['first']['bytes']:,} | {page['first']['requests']} "
            f"| {page['repeat']['bytes']:,} | {page['repeat']['requests']} |"
            for name, page in pages.items()
        ),
    ]


def _back(told: dict[str, Any]) -> str:
    how = "the browser had kept it" if told["was_kept_alive"] else "fetched anew"
    return f"Back to the page before: {told['milliseconds']:.0f} ms, {how}."


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
