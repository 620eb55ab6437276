"""Facts read from the asset itself: counted by hand, and refused where the file contradicts itself."""

import json
import struct

import pytest
from click.testing import CliRunner

import valuation
from valuation.cli import main
from valuation.errors import InputError
from valuation.evidence.facts import read_evidence

HEADER = {
    "__metadata__": {"format": "pt"},
    "embed": {"dtype": "BF16", "shape": [100, 8], "data_offsets": [0, 1600]},
    "norm": {"dtype": "F32", "shape": [8], "data_offsets": [1600, 1632]},
}


def weights(path, header=HEADER, tail=1632):
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + b"\0" * tail)
    return path


def test_parameters_are_counted_from_the_header(tmp_path):
    found = read_evidence(weights(tmp_path / "model.safetensors")).facts
    assert found["parameters"]["value"] == 808
    assert found["parameters_by_precision"] == {"BF16": 800, "F32": 8}
    assert found["parameters"]["level"] == 2
    assert "sha256:" in found["parameters"]["source"]


def test_counted_parameters_go_straight_into_a_method(tmp_path):
    """A quantity read from the weights is a quantity of the case."""
    parameters = read_evidence(weights(tmp_path / "model.safetensors")).facts["parameters"]
    outcome = valuation.run(
        "cost.model_retraining",
        {"effort": "parameters_and_tokens", "parameters": parameters, "tokens": 1e9, "utilisation": 0.4,
         "peak_flop_per_second": 989e12, "price_per_gpu_hour": 2},
    )  # fmt: skip
    flop = next(line.values[0] for line in outcome.lines if line.name == "flop")
    assert flop == 6 * 808 * 1e9


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"embed": {"dtype": "BF16", "shape": [100, 9], "data_offsets": [0, 1600]}}, "not as long as its shape says"),
        ({"embed": {"dtype": "BF17", "shape": [100, 8], "data_offsets": [0, 1600]}}, "lacks a known type"),
        ({"embed": {"dtype": "BF16", "shape": [100, 8], "data_offsets": [4000, 5600]}}, "ends before its last tensor"),
        ({"embed": 7}, "lacks a known type"),
    ],
)
def test_a_header_that_contradicts_itself_is_refused(tmp_path, change, said):
    with pytest.raises(InputError, match=said):
        read_evidence(weights(tmp_path / "model.safetensors", {**HEADER, **change}))


@pytest.mark.parametrize(
    "content", [b"", b"\xff" * 40, struct.pack("<Q", 10**12) + b"{}", struct.pack("<Q", 4) + b"[1,]"]
)
def test_what_is_no_weights_file_is_refused(tmp_path, content):
    file = tmp_path / "model.safetensors"
    file.write_bytes(content)
    with pytest.raises(InputError):
        read_evidence(file)


def test_a_data_sample_is_counted(tmp_path):
    file = tmp_path / "sample.csv"
    file.write_text("id,amount,city\n1,5.5,Yantai\n2,,Rizhao\n3,x,Yantai\n1,5.5,Yantai\n", encoding="utf-8")
    found = {
        name: fact["value"] if isinstance(fact, dict) else fact for name, fact in read_evidence(file).facts.items()
    }
    assert (found["rows"], found["columns"]) == (4, 3)
    assert (found["completeness_conforming"], found["completeness_assessed"]) == (11, 12)
    assert (found["standardisation_conforming"], found["standardisation_assessed"]) == (10, 11)
    assert (found["consistency_conforming"], found["consistency_assessed"]) == (3, 4)


def test_csv_and_json_lines_of_the_same_rows_count_the_same(tmp_path):
    table, lines = tmp_path / "sample.csv", tmp_path / "sample.jsonl"
    table.write_text("a,b\n1,x\n2,\n", encoding="gb18030")
    lines.write_text('{"a": 1, "b": "x"}\n{"a": 2}\n', encoding="utf-8")
    one, other = (read_evidence(file).facts for file in (table, lines))
    for name in ("completeness_conforming", "standardisation_conforming", "consistency_conforming", "rows"):
        assert one[name]["value"] == other[name]["value"]


REPORT = """name, serial, uuid, ecc.errors.uncorrected.aggregate.total
NVIDIA H100 80GB HBM3, 1650001, GPU-a, 0
NVIDIA H100 80GB HBM3, 1650002, GPU-b, 3
NVIDIA A100-SXM4-80GB, 1650003, GPU-c, [N/A]
"""


def test_a_cluster_reports_its_cards(tmp_path):
    file = tmp_path / "cards.csv"
    file.write_text(REPORT, encoding="utf-8")
    found = read_evidence(file).facts
    assert found["quantity"]["value"] == 3
    assert found["quantity_by_name"] == {"NVIDIA H100 80GB HBM3": 2, "NVIDIA A100-SXM4-80GB": 1}
    assert found["cards_with_memory_errors"]["value"] == 1


def test_a_card_pledged_twice_is_seen(tmp_path):
    file = tmp_path / "cards.csv"
    file.write_text(REPORT.replace("1650002", "1650001"), encoding="utf-8")
    with pytest.raises(InputError, match="1650001"):
        read_evidence(file)


def test_the_verb_prints_facts_for_a_case_and_refuses_in_a_sentence(tmp_path):
    file = weights(tmp_path / "model.safetensors")
    shown = CliRunner().invoke(main, ["evidence", str(file), "--json"])
    assert json.loads(shown.output)["facts"]["parameters"]["value"] == 808
    assert CliRunner().invoke(main, ["evidence", str(tmp_path / "model.bin")]).exit_code == 2


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("sample.csv", b"", "sample.csv: the table holds no rows"),
        ("sample.csv", b"text\n", "sample.csv: the table holds no rows"),
        ("sample.csv", b"a,b\r1,2\r", "sample.csv: the table cannot be read: new-line character"),
        ("sample.jsonl", b'{"a": ' + b"5" * 5000 + b"}", "sample.jsonl, line 1: "),
        ("report.csv", "name, uuid\nH100, u1\n显卡, u2\n".encode("gbk") + b"\xff", "the file is binary"),
    ],
)
def test_what_no_table_can_be_read_from_is_told_in_a_sentence(tmp_path, name, content, said):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=said):
        read_evidence(tmp_path / name)


def test_a_missing_file_and_a_folder_are_named_as_they_were_given(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for given, said in (("none.csv", "is not there"), (".", "cannot be read: it is no ordinary file")):
        with pytest.raises(InputError) as refused:
            read_evidence(given)
        assert f'the file "{given}" {said}' in str(refused.value)


def test_a_cell_may_be_a_whole_book_and_hold_half_a_sign(tmp_path):
    """Texts to train on are long, and what was scraped holds broken pairs; neither may end the count."""
    (tmp_path / "sample.csv").write_text("id,text\n1," + "word " * 50_000 + "\n", encoding="utf-8")
    assert read_evidence(tmp_path / "sample.csv").facts["rows"]["value"] == 1
    (tmp_path / "sample.jsonl").write_text('{"text": "\\ud800"}\n', encoding="utf-8")
    assert read_evidence(tmp_path / "sample.jsonl").facts["rows"]["value"] == 1
