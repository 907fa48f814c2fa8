"""From what was measured to the one cause: why a file is not the 87 counties, or what was done to make it so."""

from __future__ import annotations

import re
from collections import defaultdict

import numpy as np
import shapely

from geodata.boundaries.attributes import Layer, codes_of
from geodata.boundaries.match import How, Row
from geodata.boundaries.message import Cause, Refused, cause, named, notice, quote, refused
from geodata.boundaries.place import areas, fills_the_province, offset, overlaps
from geodata.boundaries.shapes import Shapes
from geodata.boundaries.systems import fitting
from geodata.names import MERGES, PROVINCE, is_area, known_counties, plain_text

INSIDE = 0.8  # share of the shapes inside the province from which on its place is right
ZONES_6, ZONES_3 = range(13, 24), range(24, 46)  # Gauss-Kruger zones of China, 6° and 3° wide
LISTED_ROWS = 12
GLOBE = np.array([180.0, 90.0, 180.0, 90.0])  # degrees of longitude and latitude, least and most


def why_nothing_found(layer: Layer) -> Cause:
    """Say why a layer names no counties, as far as its table tells."""
    if not layer.size:
        return cause("empty")
    if len(layer.columns) == 1:
        return cause("no_columns", n=layer.size)
    others = codes_of(layer)
    prefectures = sorted(code for code in others if code.startswith(PROVINCE[:2]) and code.endswith("00"))
    values = [quote(value) for column in layer.columns[:-1] for value in column.values]
    if areas := _prefectures(layer):
        if len(areas) == 1 and areas[0] == PROVINCE:
            return cause("province", example=_example(layer, PROVINCE))
        return cause("prefectures", n=len(areas), example=_example(layer, areas[-1]))
    towns = [v for v in values if re.fullmatch(r"62\d{7}(?:\d{3})?", v) and not v.endswith("000000")]
    if len(towns) >= layer.size / 2:
        return cause("townships", example=towns[0])
    for column in layer.columns[:-1]:
        for value in column.values:
            if re.fullmatch(r"6\.\d{0,4}[eE]\+?\d+", plain_text(value)):
                return cause("codes_rounded", column=column.name, example=quote(value))
    for column in layer.columns[:-1]:
        for row, value in enumerate(column.values):
            if re.fullmatch(r"\*+", str(value)):
                return cause("overflow", column=column.name, example=value, row=row + 1)
    regions = {code for code in others if "11" <= code[:2] <= "82"}
    if layer.size and len(regions) >= layer.size / 2 and not prefectures:
        return cause("elsewhere_codes", example=min(regions))
    if not any(re.search(r"[^\W\d_a-zA-Z\u00c0-\u024f]", value) for value in values):
        latin = [(len(set(those)), c.name, those) for c in layer.columns[:-1] if (those := _latin(c.values))]
        if latin and (best := max(latin, key=lambda one: one[0]))[0] > layer.size / 2:
            return cause("pinyin", column=best[1], example=quote(best[2][0]))
    shown = [(c.name, next(filter(None, map(quote, c.values)), "")[:12]) for c in layer.columns[:-1][:8]]
    return cause(
        "no_codes",
        columns=[f"{name}(如“{value}”)" if value else name for name, value in shown],
        columns_en=[f"{name} (“{value}”)" if value else name for name, value in shown],
    )


def _latin(values: list[object]) -> list[str]:
    """Pick the values that are words in Latin letters, as names in pinyin are."""
    return [
        value for value in values if isinstance(value, str) and re.fullmatch(r"[^\W\d_]{3,}([ '’-][^\W\d_]+)*", value)
    ]


def is_above(layer: Layer) -> bool:
    """Tell whether a layer holds more prefectures than counties."""
    return len([area for area in _prefectures(layer) if area != "620200"]) > layer.found


def _prefectures(layer: Layer) -> list[str]:
    """List the prefectures (or the province) that the rows name."""
    names = {county.prefecture: county.prefecture_code for county in known_counties().values()}
    names |= {name.rstrip("市"): code for name, code in names.items() if name != "嘉峪关市"}
    names |= {"甘肃省": PROVINCE, "甘肃": PROVINCE, "临夏州": "622900", "甘南州": "623000"}
    best: set[str] = set()
    for column in layer.columns:
        codes = {code for code in column.codes if code and code.startswith(PROVINCE[:2]) and code.endswith("00")}
        spelt = {names[text] for value in column.values if (text := plain_text(value)) in names}
        # A column that says the prefecture of each county is none of theirs: every row has its own.
        for those in (codes, spelt):
            if len(those) > len(best) and len(those) == layer.size:
                best = those
    return sorted(best)


def _example(layer: Layer, code: str) -> str:
    name = {county.prefecture_code: county.prefecture for county in known_counties().values()} | {PROVINCE: "甘肃省"}
    return f"{code} {name.get(code, '')}".strip()


# --- place -----------------------------------------------------------------------------------------------------------


def check_place(layer: Layer, rows: list[Row], found: Shapes) -> None:
    """Refuse shapes that are not in Gansu, and a table that does not belong to them."""
    if found.lost > len(rows) / 2:
        raise _wrong_place(layer, found)
    ours = [row for row in rows if row.county and not row.shape.is_empty]
    drawn = [row for row in rows if not row.shape.is_empty]
    astray = [row for row in ours if row.astray]
    if len(astray) <= len(ours) / 2 and any(row.home for row in drawn):
        return
    inside = sum(row.home is not None for row in ours)
    if ours and inside >= INSIDE * len(ours) and fills_the_province(np.array([row.shape for row in ours])):
        raise refused("sorted_apart", n=len(astray), **_contradiction(astray))
    if ours and inside >= INSIDE * len(ours) and not fitting(found.bounds, layer.guessed, found.crs)[0]:
        return  # in Gansu, but not as a whole: each row is judged by itself
    raise _wrong_place(layer, found)


def _wrong_place(layer: Layer, found: Shapes) -> Refused:
    chinese, english = _measured(layer, found)
    return refused("wrong_place", measured=chinese, measured_en=english)


def _contradiction(astray: list[Row]) -> dict[str, object]:
    """Give the first row whose shape lies elsewhere: what it says, and where it lies."""
    row = next((row for row in astray if row.home), astray[0])
    home, home_en = named([row.home])[0] if row.home else "甘肃以外", named([row.home])[0] if row.home else "no county"
    says = f"“{row.said}”"
    if row.county and row.said != row.county and known_counties()[row.county].name not in row.said:
        says += f"({known_counties()[row.county].name})"
    return {"row": row.number, "said": says, "home": home, "home_en": home_en}


def _measured(layer: Layer, found: Shapes) -> tuple[str, str]:
    """Say what the coordinates look like."""
    if found.corner is None:
        return "没有坐标", "no coordinates"
    x, y = found.corner
    point = f"({x:.9g}, {y:.9g})"
    chinese, english = f"第一个坐标是 {point}", f"its first coordinate is {point}"
    fits, fits_en = fitting(found.bounds, layer.guessed, found.crs)
    zone = int(x // 1_000_000)
    if zone in (*ZONES_6, *ZONES_3) and x > 1_000_000:
        six = zone in ZONES_6
        middle, epsg = (6 * zone - 3, 4491 + zone - 13) if six else (3 * zone, 4513 + zone - 25)
        chinese += f",x 的前两位像是 {6 if six else 3} 度带带号 {zone},中央经线 {middle}°(CGCS2000 是 EPSG:{epsg})"
        english += (
            f"; {zone} looks like a {6 if six else 3}-degree zone, central meridian {middle}° (CGCS2000: EPSG:{epsg})"
        )
    elif found.crs.is_geographic and max(abs(x), abs(y)) > 180:
        chinese += f",以米计,坐标系却是经纬度{fits}"
        english += f"; that is metres, but the CRS is in degrees{fits_en}"
    elif fits:
        chinese += f",坐标系写的是“{quote(found.crs.name, 60)}”{fits}"
        english += f", the CRS says “{quote(found.crs.name, 60)}”{fits_en}"
    elif found.lost:
        chinese += f",按“{quote(found.crs.name, 60)}”算不出经纬度"
        english += f"; “{quote(found.crs.name, 60)}” gives no longitude and latitude for it"
    else:
        west, south, east, north = shapely.total_bounds(found.shapes)
        box = f"{west:.1f}–{east:.1f}, {south:.1f}–{north:.1f}"
        chinese += f",按“{quote(found.crs.name, 60)}”算在 {box},带号、中央经线或经纬度顺序不对"
        english += (
            f"; by “{quote(found.crs.name, 60)}” it lies at {box}: a wrong zone, central meridian or order of axes"
        )
    return chinese, english


# --- the counties, each once -----------------------------------------------------------------------------------------


def chosen(rows: list[Row], broken: np.ndarray, notices: list[str]) -> list[Row]:
    """Leave out what is no county of Gansu, and merge what is known to belong to one; say so."""
    # What is named as one of ours that is found nowhere else is no other province's, wherever it lies.
    ours = {row.county for row in rows if not row.foreign}
    others = [row for row in rows if row.foreign and (row.code or row.county in ours or not row.county)]
    above = [row for row in rows if row.above and not row.foreign]
    if mended := [row.county for row in rows if broken[row.number - 1] and row.county]:
        notices.append(notice("mended", names=named(mended)))
    if others:
        notices.append(notice("others", n=len(others)))
    left_out = {row.number for row in (*others, *above)}
    kept = [row for row in rows if row.number not in left_out]
    if above and (twice := _city_twice(kept)):
        above.append(twice)
        kept.remove(twice)
    if nameless := [row for row in kept if not row.county and row.shape.is_empty]:
        each = [f"{row.said}(第 {row.number} 行)" for row in nameless[:5]]
        each_en = [f"{row.said} (row {row.number})".strip() for row in nameless[:5]]
        notices.append(notice("nameless", n=len(nameless), each=each, each_en=each_en))
        kept = [row for row in kept if row not in nameless]
    for which, belongs in (
        ("former", lambda row: row.how is How.FORMER and row.placed),
        ("by_name", lambda row: row.how is How.NAME and row.against),
        ("guessed", lambda row: row.how is How.GUESSED and row.placed),
    ):
        if those := [row for row in kept if belongs(row)]:
            notices.append(notice(which, n=len(those), each=_each(those)))
    differ = [row for row in kept if row.differs]
    if 0 < len(differ) < len(kept) / 2:  # else the column holds other names than the rows' own
        notices.append(notice("names_differ", n=len(differ), each=_each(differ)))
    if above:
        notices.append(notice("above", n=len(above)))
    return kept


def _each(rows: list[Row]) -> list[str]:
    """List what rows say and what they are taken for, the first five."""
    return [f"{row.said} → {named([row.county or ''])[0]}" for row in rows[:5]] + ["…"] * (len(rows) > 5)


def _city_twice(rows: list[Row]) -> Row | None:
    """Find the second row of 嘉峪关市 where the prefectures stand beside the counties: it is one and the other."""
    same = [row for row in rows if row.county == "620200"]
    if len(same) != 2 or same[0].shape.symmetric_difference(same[1].shape).area > 0.01 * same[0].shape.area:
        return None
    return same[1]


def say_shift(shapes: np.ndarray) -> list[str]:
    """Say that all counties lie off alike, as they do in the coordinates of Chinese web maps."""
    east, north = offset(shapes)
    parts = [(east, "偏东", "偏西", "east", "west"), (north, "偏北", "偏南", "north", "south")]
    said = [(f"{words[size < 0]}约 {abs(size):.0f} 米", f"{abs(size):.0f} m {words[2 + (size < 0)]}")
            for size, *words in parts if abs(size) > 50]  # fmt: skip
    if not said:
        return []
    return [notice("shifted", off=[one for one, _ in said], off_en=[one for _, one in said])]


def faults(rows: list[Row], layer: Layer) -> list[Cause]:
    """List what is wrong with the rows: each county once, with a polygon, in its place."""
    known = known_counties()
    counties: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row.county:
            counties[row.county].append(row)
    found: list[Cause] = []
    if missing := [adcode for adcode in known if adcode not in counties]:
        found.append(cause("missing", n=len(missing), names=named(missing)))
        if layer.deleted:
            found.append(cause("deleted", n=len(layer.deleted), row=layer.deleted[0] + 1))
    if doubled := {adcode: [str(row.number) for row in those] for adcode, those in counties.items() if len(those) > 1}:
        each = [f"{named([adcode])[0]}(第 {'、'.join(at)} 行)" for adcode, at in sorted(doubled.items())]
        each_en = [f"{named([adcode])[0]} (rows {', '.join(at)})" for adcode, at in sorted(doubled.items())]
        found.append(cause("doubled", n=len(doubled), each=each, each_en=each_en))
    unknown = [row for row in rows if not row.county]
    if area := [row for row in unknown if row.code == "620171" or "兰州新区" in plain_text(row.said)]:
        found.append(cause("new_area", rows=[row.number for row in area]))
    if cut := [row for row in unknown if row.cut and is_area(row.name)]:
        column = next(one for one in layer.spelt if one.values[cut[0].number - 1] == cut[0].name)
        facts = {"row": cut[0].number, "example": cut[0].name}
        found.append(cause("names_cut", column=column.name, width=column.width, n=len(cut), **facts))
    if unknown := [row for row in unknown if row not in area and row not in cut]:
        shown = unknown[:LISTED_ROWS]
        each = [f"{row.said or '无代码、无县名'}(第 {row.number} 行){_at(row)}" for row in shown]
        each_en = [f"{row.said or 'no code or name'} (row {row.number}){_at(row, True)}" for row in shown]
        more = ["…"] * (len(unknown) > len(shown))
        found.append(cause("unknown", n=len(unknown), each=each + more, each_en=each_en + more))
    if empty := sorted(row.county for row in rows if row.county and row.shape.is_empty):
        found.append(cause("shapeless", names=named(empty)))
    wild = [row for row in rows if row.county and (np.abs(row.shape.bounds) > GLOBE).any()]
    if wild:
        each, each_en = [], []
        for row in wild[:LISTED_ROWS]:
            farthest = row.shape.bounds[int(np.argmax(np.abs(row.shape.bounds) / GLOBE))]
            each.append(f"{row.said}(第 {row.number} 行,{farthest:.3g}°)")
            each_en.append(f"{row.said} (row {row.number}, {farthest:.3g}°)")
        found.append(cause("off_globe", each=each, each_en=each_en))
        rows = [row for row in rows if row not in wild]
    alone = {str(row.county): row for row in rows if row.placed and row.county not in doubled}
    if over := overlaps({adcode: row.shape for adcode, row in alone.items()}):
        each, each_en = [], []
        for adcode, others in list(over.items())[:LISTED_ROWS]:
            each.append(f"{alone[adcode].said}(第 {alone[adcode].number} 行)盖住 {'、'.join(named(others))}")
            each_en.append(f"{alone[adcode].said} (row {alone[adcode].number}) over {', '.join(named(others))}")
        found.append(cause("overlapping", each=each, each_en=each_en))
    if misshapen := [row for row in rows if row.misshapen and row.county not in doubled]:
        sizes, sizes_en = [], []
        for row in misshapen[:LISTED_ROWS]:
            size, own = map(_km2, areas(str(row.county), row.shape))
            sizes.append(f"{row.said}(第 {row.number} 行)约 {size} 平方公里,本县约 {own}")
            sizes_en.append(f"{row.said} (row {row.number}) of {size} km², the county {own}")
        more = ["…"] * (len(misshapen) > LISTED_ROWS)
        found.append(cause("misshapen", n=len(misshapen), each=sizes + more, each_en=sizes_en + more))
    if astray := [row for row in rows if row.astray]:
        names = named(sorted(row.county for row in astray if row.county))
        found.append(cause("displaced", names=names, **_contradiction(astray)))
    return found


def _km2(size: float) -> str:
    return f"{size:,.0f}" if size >= 10 else f"{size:.1g}"


def _at(row: Row, english: bool = False) -> str:
    if not row.home:
        return ""
    name = known_counties()[row.home].name
    return f" in {name}" if english else f"在{name}境内"


def merged(rows: list[Row], notices: list[str]) -> list[Row]:
    """Merge polygons known to be no counties into their county, as in the shipped boundaries."""
    for code, county in MERGES.items():
        extra = [row for row in rows if row.code == code and not row.county]
        home = [row for row in rows if row.county == county]
        if extra and len(home) == 1:
            shape = shapely.union_all([row.shape for row in (*extra, *home)])
            rows = [row for row in rows if row not in (*extra, *home)]
            rows.append(Row(**{**vars(home[0]), "shape": shape}))
            notices.append(notice("merged", code=code, name=named([county])))
    return rows


def counties_of(rows: list[Row], layer: Layer) -> np.ndarray:
    """Return the 87 shapes in the order of the code, or refuse with every fault."""
    if wrong := faults(rows, layer):
        raise Refused(*wrong)
    by_code = {row.county: row.shape for row in rows}
    return np.array([by_code[adcode] for adcode in known_counties()], dtype=object)
