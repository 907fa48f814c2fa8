"""Commands of the operator that need no map: the key, and decks taken away for good."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from pathlib import Path

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


def purge(given: list[str]) -> int:
    """Take decks away for good, with all their versions."""
    parser = _parser("purge", "清除演示，不能恢复 take decks away for good, with every version")
    parser.add_argument("slug", nargs="*", metavar="d1", help="演示的代号 of which decks")
    parser.add_argument("--deleted", action="store_true", help="所有已删除的演示 all that were deleted")
    parser.add_argument("--database-url", default=os.environ.get("ATLAS_DATABASE_URL", ""), help="[ATLAS_DATABASE_URL]")
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
