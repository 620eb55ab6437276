"""A record is computed again years later: the same, or every difference with the cause it really has."""

import json
import os
import stat
from collections.abc import Callable
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from made_cases import ROYALTY, corpus, inputs_of, software, with_loan

import valuation
from valuation import plugins, records
from valuation.appraisal import appraise
from valuation.canonical import canonical_bytes, digest
from valuation.case import read_case
from valuation.errors import InputError
from valuation.json_text import parse
from valuation.lending.offer import lend
from valuation.plugins import Installed
from valuation.records import Difference, Record, compare, read_record, record, replay
from valuation.reference import look_up
from valuation.whole_files import write_whole


def made(content: dict[str, Any]) -> Record:
    case = read_case(content)
    appraisal = appraise(case)
    return record(case, appraisal, lend(appraisal) if case.loan is not None else None)


def changed(kept: Record, path: str, value: Any) -> Record:
    """The record with one entry changed by hand, its digests left as they were."""
    content = json.loads(kept.stored)
    *steps, last = (int(step) if step.isdigit() else step for step in path.split("/"))
    part = content
    for step in steps:
        part = part[step]
    assert part[last] != value
    part[last] = value
    return Record(content, canonical_bytes(content))


def causes(kept: Record) -> set[str]:
    found = replay(kept)
    assert not found.same
    return {difference.cause for difference in found.differences}


def paths(kept: Record) -> set[str]:
    return {difference.path for difference in replay(kept).differences}


def test_a_record_holds_the_appraisal_of_its_own_case() -> None:
    """Its figures would not follow from its inputs, which a replay finds years later."""
    content = software()
    inputs_of(content)["discount_rate"] = 0.17
    with pytest.raises(InputError, match="the appraisal is not of this case but of Route planner"):
        record(read_case(content), appraise(read_case(software())))


# the same


@pytest.mark.parametrize("content", [software(), corpus(), with_loan()], ids=["software", "corpus", "with a loan"])
def test_a_record_is_the_same_when_computed_again(content: dict[str, Any]) -> None:
    kept = made(content)
    found = replay(kept)
    assert (found.same, found.same_bytes, found.differences) == (True, True, ())
    assert found.digest == kept.digest


@pytest.mark.parametrize("content", [software(), with_loan()], ids=["software", "with a loan"])
def test_a_record_without_draws_is_the_same_when_computed_again(content: dict[str, Any]) -> None:
    case = read_case(content)
    appraisal = appraise(case, draws=0)
    kept = record(case, appraisal, lend(appraisal) if case.loan is not None else None)
    assert kept.content["draws"] == 1
    assert kept.content["appraisal"]["assets"][0]["range"] is None
    assert (replay(kept).same_bytes, replay(kept, points_only=True).same) == (True, True)


def test_a_saved_record_is_the_same_too(tmp_path: Path) -> None:
    saved = made(with_loan()).save(tmp_path / "folder that is not there yet" / "record.json")
    assert valuation.replay(saved).same
    assert valuation.replay(str(saved)).same_bytes


def test_two_records_of_one_case_are_the_same_bytes() -> None:
    assert made(corpus()).stored == made(corpus()).stored


def test_the_stored_bytes_are_canonical_and_hold_the_content() -> None:
    kept = made(corpus())
    assert kept.stored == canonical_bytes(kept.content)
    assert parse(kept.stored) == kept.content
    assert kept.digest == digest(kept.stored, domain="valuation-record/1")


def test_threads_do_not_matter_to_a_replay() -> None:
    content = corpus()
    content["uncertainty"]["draws"] = 2**16
    assert replay(made(content), threads=2).same_bytes


def test_figures_published_since_do_not_matter_to_a_replay(monkeypatch: pytest.MonkeyPatch) -> None:
    """The record answers for its own reference figures."""
    kept = made(with_loan())

    def gone(name: str, *_: Any, **__: Any) -> Any:
        raise AssertionError(f"a replay looked up {name}")

    monkeypatch.setattr(look_up, "figure", gone)
    assert replay(kept).same


def test_ranges_may_be_left_out_for_speed() -> None:
    """What stands in a range then goes unseen, and nothing else does."""
    kept = made(corpus())
    moved = {"appraisal.assets[0].range.p5", "appraisal.assets[0].value"}
    for path, value in (("range/p5", 1.0), ("value", 1.0)):
        kept = changed(kept, f"appraisal/assets/0/{path}", value)
    found = replay(kept, points_only=True).differences
    assert {difference.path for difference in found} == {"digests.appraisal", "appraisal.assets[0].value"}
    assert paths(kept) == {"digests.appraisal", *moved}


def test_a_figure_beyond_the_whole_numbers_of_json_can_be_recorded(tmp_path: Path) -> None:
    content = software()
    inputs_of(content)["revenue"] = [3e17, 3e20, 3e21]
    assert replay(made(content).save(tmp_path / "record.json")).same


# different, and why


def test_a_changed_input_is_the_cause_of_all_that_follows() -> None:
    kept = changed(made(corpus()), "case/assets/0/methods/1/inputs/royalty_rate/mode", 0.06)
    assert causes(kept) == {"input: changed in the record after it was made"}
    assert "appraisal.assets[0].value" in paths(kept)


def test_a_changed_reference_figure_is_the_cause_of_all_that_follows() -> None:
    kept = made(software())
    assert kept.content["figures"][0]["name"] == "cn.tax.income"
    kept = changed(kept, "figures/0/value", 0.15)
    assert causes(kept) == {"reference figure: changed in the record after it was made"}
    assert "appraisal.assets[0].value" in paths(kept)


def test_a_changed_result_is_told_with_both_values() -> None:
    kept = made(corpus())
    part, difference = replay(changed(kept, "appraisal/assets/0/value", 999999)).differences
    assert (part.path, part.recorded) == ("digests.appraisal", kept.content["digests"]["appraisal"])
    assert difference.path == "appraisal.assets[0].value"
    assert (difference.recorded, difference.replayed) == (999999, kept.content["appraisal"]["assets"][0]["value"])
    assert difference.cause == "result: changed in the record after it was made"
    assert difference.sentence().startswith("appraisal.assets[0].value: recorded 999999, replayed ")


def test_a_changed_offer_is_a_changed_result() -> None:
    kept = changed(made(with_loan()), "offer/maximum_loan", 1e9)
    assert causes(kept) == {"result: changed in the record after it was made"}
    assert paths(kept) == {"digests.offer", "offer.maximum_loan"}


@pytest.mark.parametrize(
    ("path", "value", "part", "cause"),
    [
        ("case/name", "Another", "case", "input"),
        ("case/assets/0/facts/remaining_useful_life/source", "nobody", "case", "input"),
        ("figures/0/source/title", "another", "figures", "reference figure"),
        ("libraries/numpy", "1.0", "libraries", "library"),
    ],
)
def test_what_moves_no_figure_may_not_be_changed_either(path: str, value: str, part: str, cause: str) -> None:
    """Another source or name comes out the same when computed again; the digest of its part tells."""
    kept = changed(made(corpus()), path, value)
    assert paths(kept) == {f"digests.{part}"}
    assert causes(kept) == {f"{cause}: changed in the record after it was made"}


@pytest.fixture
def method_changed(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Puts a changed relief from royalty in place of the installed one, as another release would."""
    installed = plugins.find

    def change(*, by: float = 1.0, **other: Any) -> None:
        def find(method_id: str, path: str = "") -> Installed:
            found = installed(method_id, path)
            if method_id != ROYALTY:
                return found
            original = found.method.value
            method = replace(found.method, value=lambda i, w: w.line("changed_value", original(i, w) * by), **other)
            return replace(found, method=method)

        monkeypatch.setattr(plugins, "find", find)

    return change


def test_another_version_of_the_method_is_the_cause(method_changed: Callable[..., None]) -> None:
    kept = made(corpus())
    method_changed(by=1.001, version=2)
    assert causes(kept) == {f"method version: {ROYALTY} 1 then, 2 now"}
    assert "appraisal.assets[0].value" in paths(kept)
    assert "methods[1].version" in paths(kept)


def test_another_library_is_the_cause_where_no_version_was_raised(
    method_changed: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if another numpy gave another figure."""
    now = records.libraries()
    with monkeypatch.context() as earlier:
        earlier.setattr(records, "libraries", lambda: {**now, "numpy": "1.0"})
        kept = made(corpus())
    method_changed(by=1.001)
    assert causes(kept) == {f"library: numpy 1.0 then, {now['numpy']} now"}


def test_a_result_without_any_cause_is_called_so(method_changed: Callable[..., None]) -> None:
    kept = made(corpus())
    method_changed(by=1.001)
    assert causes(kept) == {"the record's results do not follow from its inputs"}


def test_last_bits_are_no_difference_and_more_is(method_changed: Callable[..., None]) -> None:
    """Another machine may differ in the last bits; 1e-9 of a figure is the promise."""
    method_changed()
    kept = made(corpus())
    method_changed(by=1 + 1e-11)
    found = replay(kept)
    assert found.same
    assert not found.same_bytes
    method_changed(by=1 + 1e-8)
    assert not replay(kept).same


def test_a_library_alone_is_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = made(corpus())
    monkeypatch.setattr(records, "libraries", lambda: {"numpy": "99.0"})
    found = replay(kept)
    assert found.same
    assert not found.same_bytes


def test_a_method_that_is_gone_ends_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = made(software())
    content = json.loads(kept.stored)
    content["case"]["assets"][0]["methods"][0]["id"] = "theirs.own_method"
    with pytest.raises(InputError, match=r'there is no method "theirs\.own_method"'):
        replay(Record(content, canonical_bytes(content)))


@pytest.mark.parametrize(
    ("recorded", "replayed", "differ"),
    [
        ({"a": 1}, {"a": 1.0}, []),
        ({"a": 1}, {"a": 1 + 1e-12}, []),
        ({"a": 1}, {"a": 1 + 1e-6}, [".a"]),
        ({"a": 0.0}, {"a": 1e-300}, [".a"]),
        ({"a": [1, 2]}, {"a": [1, 3]}, [".a[1]"]),
        ({"a": [1, 2]}, {"a": [1]}, [".a[1]"]),
        ({"a": 1}, {"b": 1}, [".a", ".b"]),
        ({"a": None}, {}, []),
        ({"a": True}, {"a": 1}, [".a"]),
        ({"a": "x"}, {"a": "y"}, [".a"]),
    ],
)
def test_contents_are_compared_entry_by_entry(recorded: Any, replayed: Any, differ: list[str]) -> None:
    assert [path for path, _, _ in compare(recorded, replayed)] == differ


# on disk


def test_the_digest_stands_beside_the_record_and_is_checked(tmp_path: Path) -> None:
    kept = made(software())
    saved = kept.save(tmp_path / "record.json")
    beside = tmp_path / "record.json.sha256"
    assert beside.read_text(encoding="utf-8") == f"{kept.digest}  record.json\n"
    assert read_record(saved).content == kept.content
    saved.write_bytes(kept.stored.replace(b"Route planner", b"Route plotter"))
    with pytest.raises(InputError, match="the digest of the file is sha256:"):
        read_record(saved)
    beside.unlink()
    assert read_record(saved).content["case"]["name"] == "Route plotter"


def test_a_record_without_its_digest_file_still_knows_what_was_changed(tmp_path: Path) -> None:
    content = json.loads(made(software()).stored)
    content["case"]["name"] = "Route plotter"
    (tmp_path / "record.json").write_bytes(canonical_bytes(content))
    assert causes(read_record(tmp_path / "record.json")) == {"input: changed in the record after it was made"}


def test_a_record_is_written_over_an_older_one(tmp_path: Path) -> None:
    made(software()).save(tmp_path / "record.json")
    newer = made(corpus())
    newer.save(tmp_path / "record.json")
    assert read_record(tmp_path / "record.json").digest == newer.digest
    assert sorted(path.name for path in tmp_path.iterdir()) == ["record.json", "record.json.sha256"]


@pytest.mark.parametrize("failing", ["replace", "write_bytes"])
def test_a_write_that_fails_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    """A full disk or a lost network drive: the old record stays whole, and no part of the new one lies about."""
    target = tmp_path / "record.json"
    write_whole(target, b"old")

    def fail(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, failing, fail)
    with pytest.raises(InputError, match="the file cannot be written: No space left on device"):
        write_whole(target, b"new")
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_method_that_is_no_longer_installed_is_named_with_its_package() -> None:
    """Or the nearest method of today would be offered for that of a plugin that somebody took off."""
    kept = changed(made(software()), "methods/0/id", "income.level_proceeds")
    with pytest.raises(InputError) as refused:
        replay(kept)
    (found,) = refused.value.problems
    assert found.sentence() == (
        f'methods[0].id: the record\'s method "income.level_proceeds" of {plugins.OURS} {version(plugins.OURS)} '
        "is not installed. Install that package and replay again."
    )


def test_the_methods_of_a_loan_are_recorded_with_those_of_the_value() -> None:
    """A haircut worked out in a new way must have a cause, as a value has."""
    kept = made(with_loan())
    named = [method["id"] for method in kept.content["methods"]]
    assert {"lending.haircut", "lending.limits", "lending.path", "rate.wacc"} <= set(named)
    older = json.loads(kept.stored)
    (place,) = (at for at, method in enumerate(older["methods"]) if method["id"] == "lending.haircut")
    older["methods"][place]["version"] = 0
    older["offer"]["haircut"]["total"] = 0.5
    older = records._with_digests({name: part for name, part in older.items() if name != "digests"})
    assert causes(Record(older, canonical_bytes(older))) == {"method version: lending.haircut 0 then, 1 now"}


def test_code_that_has_changed_under_one_version_is_the_cause_and_not_the_record() -> None:
    """Or a record made before a mended line would be said to have been falsified."""
    older = json.loads(made(software()).stored)
    older["appraisal"]["assets"][0]["value"] = 1
    older["libraries"]["code"] = "sha256:older"
    older = records._with_digests({name: part for name, part in older.items() if name != "digests"})
    (cause,) = causes(Record(older, canonical_bytes(older)))
    assert cause.startswith("library: code sha256:older then, sha256:")


def test_a_step_that_is_new_moves_no_other() -> None:
    """Steps, limits and checks are compared by name: one more is one difference, not one for each that follows."""
    old = [{"name": "royalty", "values": [1]}, {"name": "value", "values": [2]}]
    new = [{"name": "revenue", "values": [9]}, *old]
    assert list(compare(old, new, "lines")) == [("lines[0]", None, new[0])]
    assert list(compare(new, old, "lines")) == [("lines[0]", new[0], None)]
    assert [path for path, _, _ in compare([{"name": "a"}, {"name": "a", "x": 1}], [{"name": "a"}], "x")] == ["x[1]"]


def test_lists_of_other_lengths_differ_where_one_has_more() -> None:
    assert list(compare([1, {"a": 2}], [1], "x")) == [("x[1]", {"a": 2}, None)]
    assert list(compare([], [5], "x")) == [("x[0]", None, 5)]


def test_a_difference_is_one_short_line_whatever_the_record_holds() -> None:
    """A record changed by hand may hold anything, also signs that a terminal obeys."""
    told = Difference("case.note", "\x1b[2J" + "x" * 200, {"a": 1}, "input").sentence()
    assert told.startswith('case.note: recorded "\\u001b[2Jxxx')
    assert told.endswith('…", replayed an object (input)')
    assert len(told) < 150


@pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)])
def test_a_file_may_be_read_by_whom_the_umask_says(tmp_path: Path, umask: int, mode: int) -> None:
    """All were readable to everybody, whatever the user of the machine had decided."""
    before = os.umask(umask)
    try:
        saved = made(software()).save(tmp_path / "record.json")
    finally:
        os.umask(before)
    for file in (saved, tmp_path / "record.json.sha256"):
        assert stat.S_IMODE(file.stat().st_mode) == mode


def test_where_its_digest_cannot_be_written_no_record_is(tmp_path: Path) -> None:
    """The record once stood there while the sentence said that nothing had been written."""
    (tmp_path / "record.json.sha256").mkdir()
    with pytest.raises(InputError, match=r"record\.json\.sha256: the file cannot be written: it is a folder.* nothing"):
        made(software()).save(tmp_path / "record.json")
    assert [path.name for path in tmp_path.iterdir()] == ["record.json.sha256"]


def test_where_the_second_of_two_files_fails_the_first_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace_file = Path.replace

    def second_fails(part: Path, target: str) -> Any:
        if target.endswith(".sha256"):
            raise OSError(5, "Input/output error")
        return replace_file(part, target)

    monkeypatch.setattr(Path, "replace", second_fails)
    with pytest.raises(InputError, match=r"Input/output error\. .*record\.json was already written\."):
        made(software()).save(tmp_path / "record.json")


def test_only_an_ordinary_file_is_written_over(tmp_path: Path) -> None:
    """A rename by root over a device or a pipe would put a file in its place: /dev/null would be gone."""
    pipe, folder = tmp_path / "pipe", tmp_path / "folder"
    os.mkfifo(pipe)
    folder.mkdir()
    for target, reason in ((pipe, "it is no ordinary file"), (folder, "it is a folder")):
        with pytest.raises(InputError, match=f"the file cannot be written: {reason}"):
            write_whole(target, b"new")
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    assert sorted(tmp_path.iterdir()) == [folder, pipe]


def test_a_write_protected_record_stays(tmp_path: Path) -> None:
    """A rename needs no right to the file it takes away, only to its folder."""
    target = tmp_path / "record.json"
    write_whole(target, b"old")
    target.chmod(0o444)
    with pytest.raises(InputError, match="the file cannot be written: it is write-protected"):
        write_whole(target, b"new")
    assert target.read_bytes() == b"old"


def test_a_link_goes_on_pointing_to_the_record_that_is_written(tmp_path: Path) -> None:
    link, target = tmp_path / "latest.json", tmp_path / "kept" / "record.json"
    link.symlink_to(target)
    write_whole(link, b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"


def test_a_name_that_no_file_can_have_is_a_sentence() -> None:
    with pytest.raises(InputError, match="the file cannot be written: embedded null byte"):
        write_whole(Path("a\0b"), b"new")
