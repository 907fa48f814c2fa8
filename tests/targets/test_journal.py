"""The log's file: whole lines, turned before it grows too large, and never a failure."""

from __future__ import annotations

from targets.journal import Journal


def test_the_log_does_not_grow_without_end(tmp_path):
    journal = Journal(tmp_path / "data", 2000, aloud=False)
    for n in range(400):
        journal.say("refused", "203.0.113.7", f"GET /{n}", "421 host_refused")
    files = sorted((tmp_path / "data").glob("atlas.log*"))
    assert len(files) == 6, "the older lines are in files of their own, and the oldest are gone"
    assert all(file.stat().st_size < 2200 for file in files)
    assert all(line.count("\t") == 4 for file in files for line in file.read_text("utf-8").splitlines())
    assert "GET /399" in files[0].read_text("utf-8")


def test_a_field_stays_a_field(tmp_path, capsys):
    Journal(tmp_path).say("import", "x", "a\nb\tc\u2028d\x1b[2J\ud800", "ok" * 2000)
    (line,) = (tmp_path / "atlas.log").read_text("utf-8").splitlines()
    assert line.count("\t") == 4 and len(line) < 1200
    assert line in capsys.readouterr().err


def test_a_folder_that_vanished_is_not_made_again(tmp_path, capsys):
    folder = tmp_path / "data"
    journal = Journal(folder)
    journal.say("start", "command", "", "ok")
    (folder / "atlas.log").unlink()
    folder.rmdir()
    journal.say("stop", "command", "", "ok")
    assert not folder.exists() and "stop" in capsys.readouterr().err
