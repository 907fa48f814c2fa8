"""Commands of the operator that need no map: the key, and decks taken away for good."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from targets import carry
from targets.decks import DeckStore
from targets.desk import Desk, DeskError
from targets.journal import Journal
from targets.observations import FOLDER, StoreError, open_store


def _parser(name: str, text: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=f"app.py {name}", description=text)
    folder = os.environ.get("ATLAS_DATA_FOLDER", "")
    parser.add_argument("--data-folder", default=folder, metavar="FOLDER", help="[ATLAS_DATA_FOLDER]")
    return parser


def make_key(given: list[str]) -> int:
    """Make the operator's key and print it, this once; an older one, and what it opened, ends."""
    parser = _parser("key", "做一把新钥匙并写出，旧的作废 make a new operator's key and print it; the old one ends")
    folder = Path(parser.parse_args(given).data_folder or FOLDER)
    if os.environ.get("ATLAS_KEY"):
        print(
            "已设 ATLAS_KEY，以它为准；取消它之后再做钥匙 / ATLAS_KEY is set and is the key; unset it first",
            file=sys.stderr,
        )
        return 2
    try:
        key = Desk(folder).make()
    except DeskError as error:
        print(f"不能写入 {folder}：{error} / cannot write in {folder}: {error}", file=sys.stderr)
        return 2
    Journal(folder, aloud=False).say("key", "command", "", f"new, {getpass.getuser()}")
    print(key)
    print(
        "请妥善保管：这里只存它的散列，不会再显示；在“数据”或“会议”页输入一次 / "
        "keep it safe: only its hash is kept here; enter it once on the page Data or Meeting",
        file=sys.stderr,
    )
    return 0


def _store_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--database-url", default=os.environ.get("ATLAS_DATABASE_URL", ""), help="[ATLAS_DATABASE_URL]")


def make_backup(given: list[str]) -> int:
    """Write all that the store holds to a file, while servers go on."""
    parser = _parser("backup", "把导入的数和演示存为一个文件 write imported figures and decks to a file (zip)")
    parser.add_argument("file", metavar="FILE")
    _store_options(parser)
    chosen = parser.parse_args(given)
    folder = chosen.data_folder or None
    try:
        with closing(open_store(chosen.database_url or None, folder=folder)) as store:
            rows = carry.backup(store, Path(chosen.file))
    except StoreError as error:
        print(error, file=sys.stderr)
        return 2
    Journal(Path(folder or FOLDER), aloud=False).say("backup", "command", Path(chosen.file).name, getpass.getuser())
    print(f"已备份到 {chosen.file}：{_counted(rows)} / backed up")
    return 0


def restore(given: list[str]) -> int:
    """Put what a backup holds in the store's place."""
    parser = _parser("restore", "用备份恢复 put what a backup holds in the store's place")
    parser.add_argument("file", metavar="FILE")
    parser.add_argument("--replace", action="store_true", help="代替已有的，已有的另存 also where there is a store")
    _store_options(parser)
    chosen = parser.parse_args(given)
    folder = chosen.data_folder or None
    try:
        with closing(open_store(chosen.database_url or None, folder=folder)) as store:
            rows, beside = carry.restore(Path(chosen.file), store, chosen.replace)
    except StoreError as error:
        print(error, file=sys.stderr)
        return 2
    Journal(Path(folder or FOLDER), aloud=False).say("restore", "command", Path(chosen.file).name, getpass.getuser())
    print(f"已恢复：{_counted(rows)} / restored")
    if beside:
        print(f"原来的在 {beside}；请重新启动程序 / what was there is in {beside}; start the program again")
    return 0


def _counted(rows: Mapping[str, int]) -> str:
    return "、".join(f"{table} {count}" for table, count in rows.items())


def purge(given: list[str]) -> int:
    """Take decks away for good, with all their versions."""
    parser = _parser("purge", "清除演示，不能恢复 take decks away for good, with every version")
    parser.add_argument("slug", nargs="*", metavar="d1", help="演示的代号 of which decks")
    parser.add_argument("--deleted", action="store_true", help="所有已删除的演示 all that were deleted")
    _store_options(parser)
    chosen = parser.parse_args(given)
    if not chosen.slug and not chosen.deleted:
        parser.error("请写出演示的代号，或 --deleted / name decks, or --deleted")
    try:
        decks = DeckStore(open_store(chosen.database_url or None, folder=chosen.data_folder or None))
        slugs = [*chosen.slug, *(one.slug for one in decks.decks(deleted=True) if chosen.deleted)]
        titles = decks.purge(slugs)
    except StoreError as error:
        print(error, file=sys.stderr)
        return 1
    journal = Journal(Path(chosen.data_folder or FOLDER), aloud=False)
    for slug, title in titles.items():
        journal.say("purge", "command", f"{slug} {title}", f"ok, {getpass.getuser()}")
        print(f"已清除 {slug} {title} / purged")
    if not titles:
        print("没有已删除的演示 / there are no deleted decks")
    return 0
