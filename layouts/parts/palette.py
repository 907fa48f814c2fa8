"""The command palette's list: what Ctrl-K finds, under its Chinese and English names and its pinyin.

Counties are not listed here: the browser has them, with their pinyin, among its own data. The names of options are
there too; what is added is what they are also called, and how they are read.
"""

from __future__ import annotations

import re

from layouts.facts.atlas import Atlas
from layouts.facts.exports import offered
from layouts.facts.layers import LAYERS
from layouts.facts.pages import PAGES
from layouts.facts.view import FORMS
from layouts.words import both

HAN = re.compile(r"[\u3400-\u9fff]+")
KINDS = ("county", "prefecture", "page", "layer", "form", "filter", "action")

# Each run of characters that a name, or another word for it, is made of, syllable by syllable. A test reads every
# one of them with pypinyin, so that none is misread and none is missing.
PINYIN = {
    "县": "xian", "市州": "shi zhou", "页面": "ye mian", "图层": "tu ceng", "图形": "tu xing", "筛选": "shai xuan",
    "操作": "cao zuo",
    "方格": "fang ge", "分图": "fen tu",
    "亿元": "yi yuan", "未列入": "wei lie ru", "年": "nian",
    "先进制造": "xian jin zhi zao", "生物医药": "sheng wu yi yao",
    "有色冶金及新材料": "you se ye jin ji xin cai liao", "化工及煤电": "hua gong ji mei dian",
    "新型建材": "xin xing jian cai",
    "光伏治沙": "guang fu zhi sha", "光伏农牧": "guang fu nong mu", "光伏工矿": "guang fu gong kuang",
    "风电": "feng dian", "光热": "guang re", "抽水蓄能": "chou shui xu neng",
    "切换语言": "qie huan yu yan", "中文": "zhong wen", "英文": "ying wen",
    "切换深色与浅色": "qie huan shen se yu qian se", "深色": "shen se", "浅色": "qian se",
    "清除筛选": "qing chu shai xuan", "全部清除": "quan bu qing chu", "重置": "chong zhi",
    "导出": "dao chu", "下载": "xia zai", "图片": "tu pian",
    "打印本页": "da yin ben ye", "复制本页地址": "fu zhi ben ye di zhi", "链接": "lian jie", "分享": "fen xiang",
}  # fmt: skip

# What else is typed for an action.
ALSO = {
    "language": "中文|英文|Chinese|English",
    "theme": "深色|浅色|dark mode|light mode|night",
    "clear": "全部清除|重置|clear all|reset",
    "take-png": "图片|下载|picture|image|download",
    "take-svg": "图片|下载|picture|image|download",
    "take-print": "PDF|A4",
    "take-link": "链接|分享|URL|link|share",
}


def pinyin() -> dict[str, str]:
    """Return how each run of Chinese is read, those of pages, layers and files among them."""
    held = [*(page.pinyin for page in PAGES.values()), *(layer.pinyin for layer in LAYERS.values())]
    held += [file.pinyin for file in offered("palette")]
    return PINYIN | {run: read for one in held for run, read in one.items()}


def spoken(text: str) -> str:
    """Return how a name is read, syllable by syllable; what is not Chinese stays as it is."""
    known = pinyin()
    return " ".join(HAN.sub(lambda run: f" {known.get(run[0], '')} ", text).split())


def commands(atlas: Atlas) -> list[list[str]]:
    """List what the palette finds besides the counties.

    Returns
    -------
    list of [kind, id, zh, en, pinyin, also]
        ``kind`` is one of `KINDS`, or ``kind`` for the name of a kind; ``id`` a path, a code, an option or what a
        control of the page names; ``pinyin`` is syllable by syllable, but for prefectures as in the plan: words, then
        initials; ``also`` holds other names, divided by ``|``. Names of options and prefectures are empty, for the
        browser has them.
    """

    def row(kind: str, id: str, names: tuple[str, str], also: str = "") -> list[str]:
        sounds = [spoken(part) for part in also.split("|") if HAN.search(part)]
        return [kind, id, *names, spoken(names[0]), "|".join([*([also] if also else []), *sounds])]

    listed = [row("kind", kind, both(f"js_palette_kind_{kind}")) for kind in KINDS]
    listed += [row("page", page.path, page.name, page.also) for page in PAGES.values() if page.name]
    listed += [row("layer", layer.id, layer.name, layer.also) for layer in LAYERS.values()]
    listed += [row("form", form, both(f"form_{form}")) for form in FORMS]
    for prefecture in atlas.plan.prefectures.astype(str).to_dict("records"):
        full = [prefecture["name"], prefecture["name_en"]][prefecture["name"] == prefecture["name_short"] :]
        seek = f"{prefecture['pinyin']} {prefecture['initials']}"
        listed.append(["prefecture", prefecture["adcode"], "", "", seek, "|".join(full)])
    for option in map(atlas.plan.option, atlas.plan.options.index):
        if option.group != "prefecture":  # the browser lists those as the prefectures themselves are named and read
            listed.append(["filter", option.id, "", "", spoken(option.zh_short), f"{option.zh}|{option.en}"])
    take = both("take")
    taken = [(kind, both(f"take_{kind}"), ALSO[f"take-{kind}"]) for kind in ("png", "svg")]
    taken += [(file.id, file.name, file.also) for file in offered("palette")]
    for id, name, also in taken:
        listed.append(row("action", f"take-{id}", (f"{take[0]}：{name[0]}", f"{take[1]}: {name[1]}"), also))
    listed.append(row("action", "take-print", both("palette_print"), ALSO["take-print"]))
    listed.append(row("action", "take-link", both("take_link"), ALSO["take-link"]))
    for key in ("palette_clear", "palette_theme", "palette_language"):
        action = key.removeprefix("palette_")
        listed.append(row("action", action, both(key), ALSO[action]))
    return listed
