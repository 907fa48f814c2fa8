"""Find the equal-tile map (run once, by hand: ``python -m geodata.arrange_tiles``; writes ``tiles.csv``).

First every county becomes a unit disc: springs hold true neighbours one tile apart in their true direction, and discs
that overlap push each other away. Then the discs are settled on a grid by simulated annealing. No move may break a
prefecture; the score adds up how far tiles are from their discs, which neighbours were lost, which strangers came
together, and how far each neighbour's direction is turned.
"""

from __future__ import annotations

import csv
import math
import random
from concurrent.futures import ProcessPoolExecutor

import numpy as np

from geodata.boundaries import read_boundaries
from geodata.names import known_counties, region
from geodata.outlines import MapShapes, draw

Cell = tuple[int, int]
SIDES = ((1, 0), (0, 1), (-1, 0), (0, -1))
SEEDS, STEPS = 6, 300_000
COLUMNS, ROWS = 20, 13
CELLS = [(x, y) for x in range(COLUMNS) for y in range(ROWS)]
INNER = [(x, y) for x, y in CELLS if 0 < x < COLUMNS - 1 and 0 < y < ROWS - 1]
STRETCH = (1.14, 0.92)  # the frame is to be about 1.4 times as wide as high
LOST, TURNED, STRANGE, PREFECTURE, HOLE, BROKEN = 3.0, 1.5, 0.6, 9.0, 1.0, 60.0


def discs(shapes: MapShapes, adcodes: list[str], rounds: int = 400) -> np.ndarray:
    """Settle unit discs for the counties; returns (n, 2) positions in tiles."""
    place = np.array([shapes.labels[adcode][:2] for adcode in adcodes]) / 700  # an average county is 70 km wide
    index = {adcode: i for i, adcode in enumerate(adcodes)}
    edges = np.array([(index[a], index[b]) for a in adcodes for b in shapes.neighbours[a]])
    a, b = edges.T
    wish = place[b] - place[a]
    wish /= np.linalg.norm(wish, axis=1, keepdims=True)
    degree = np.bincount(a)[:, None]
    for _ in range(rounds):
        pull = np.zeros_like(place)
        np.add.at(pull, a, place[b] - place[a] - wish)
        gap = place[:, None] - place[None]
        distance = np.linalg.norm(gap, axis=2) + np.eye(len(place)) * 9
        push = (gap / distance[..., None] * np.clip(1.05 - distance, 0, None)[..., None]).sum(axis=1)
        place = place + 0.3 * pull / degree + 0.35 * push
    return (place - place.min(axis=0)) * STRETCH


class Board:
    """Tiles on a grid, with the score that the annealing lowers."""

    def __init__(self, shapes: MapShapes, adcodes: list[str], wish: np.ndarray, seed: int) -> None:
        self.random = random.Random(seed)
        self.n = len(adcodes)
        index = {adcode: i for i, adcode in enumerate(adcodes)}
        self.near = [{index[b] for b in shapes.neighbours[a]} for a in adcodes]
        self.home = [known_counties()[a].prefecture_code for a in adcodes]
        centre = [shapes.labels[a][:2] for a in adcodes]
        self.turn = [
            {j: math.atan2(centre[j][1] - y, centre[j][0] - x) for j in near}
            for (x, y), near in zip(centre, self.near, strict=True)
        ]
        self.meeting = {frozenset((self.home[i], self.home[j])) for i in range(self.n) for j in self.near[i]}
        spare = (np.array([COLUMNS, ROWS]) - 1 - wish.max(axis=0)) / 2
        self.wish = wish + spare
        self.at: list[Cell] = []
        self.who: dict[Cell, int] = {}
        for i, target in enumerate(self.wish):
            cell = min((cell for cell in CELLS if cell not in self.who), key=lambda cell: math.dist(cell, target))
            self.at.append(cell)
            self.who[cell] = i

    def score(self) -> float:
        """Sum what is wrong with the board; less is better."""
        total = 0.0
        touching = set()
        for i, (x, y) in enumerate(self.at):
            total += 0.5 * ((x - self.wish[i][0]) ** 2 + (y - self.wish[i][1]) ** 2)
            for j in self.near[i]:
                dx, dy = self.at[j][0] - x, self.at[j][1] - y
                far = abs(dx) + abs(dy)
                same = 1.5 if self.home[i] == self.home[j] else 1.0
                total += same * LOST / 2 * (0.0 if far == 1 else 0.5 if abs(dx) == abs(dy) == 1 else 0.7 + 0.15 * far)
                total += TURNED / 2 * (1 - math.cos(math.atan2(dy, dx) - self.turn[i][j]))
            for dx, dy in SIDES:
                j = self.who.get((x + dx, y + dy), -1)
                if j >= 0 and j not in self.near[i]:
                    total += STRANGE / 2
                if j >= 0:
                    touching.add(frozenset((self.home[i], self.home[j])))
        total += PREFECTURE * len(self.meeting ^ touching)
        total += BROKEN * sum(self.pieces(code) - 1 for code in set(self.home))
        for x, y in INNER:
            if (x, y) not in self.who:
                total += HOLE * max(0, sum((x + dx, y + dy) in self.who for dx, dy in SIDES) - 2)
        return total

    def pieces(self, prefecture: str) -> int:
        """Count the pieces in which a prefecture's tiles lie."""
        left = {self.at[i] for i in range(self.n) if self.home[i] == prefecture}
        count = 0
        while left:
            count += 1
            stack = [left.pop()]
            while stack:
                x, y = stack.pop()
                for dx, dy in SIDES:
                    if (x + dx, y + dy) in left:
                        left.remove((x + dx, y + dy))
                        stack.append((x + dx, y + dy))
        return count

    def put(self, i: int, cell: Cell) -> None:
        """Move a tile; one that stands there comes in its place."""
        old, other = self.at[i], self.who.pop(cell, None)
        del self.who[old]
        self.at[i], self.who[cell] = cell, i
        if other is not None:
            self.at[other], self.who[old] = old, other

    def anneal(self, steps: int, hot: float = 6.0, cold: float = 0.08) -> float:
        """Lower the score by random moves, fewer and fewer of them uphill."""
        now = self.score()
        best, kept = now, list(self.at)
        for step in range(steps):
            heat = hot * (cold / hot) ** (step / steps)
            i, reach = self.random.randrange(self.n), self.random.choice((1, 1, 1, 2, 3))
            x, y = self.at[i]
            cell = (x + self.random.randint(-reach, reach), y + self.random.randint(-reach, reach))
            if cell == (x, y) or not (0 <= cell[0] < COLUMNS and 0 <= cell[1] < ROWS):
                continue
            moved = {self.home[i], self.home[self.who.get(cell, i)]}
            whole = sum(map(self.pieces, moved))
            self.put(i, cell)
            # Whether a prefecture would break is seen first, since it spares the full score.
            new = self.score() if sum(map(self.pieces, moved)) <= whole else math.inf
            if new <= now or self.random.random() < math.exp((now - new) / heat):
                now = new
                if now < best:
                    best, kept = now, list(self.at)
            else:
                self.put(i, (x, y))
        self.at, self.who = kept, {cell: i for i, cell in enumerate(kept)}
        return best


def arrange(seed: int) -> tuple[float, int, dict[str, Cell]]:
    """Arrange once; returns the score, the seed and the tiles."""
    shapes = draw(read_boundaries())
    adcodes = list(shapes.paths)
    board = Board(shapes, adcodes, discs(shapes, adcodes), seed)
    return board.anneal(STEPS), seed, dict(zip(adcodes, board.at, strict=True))


def main() -> None:
    """Arrange with several seeds and write the best."""
    with ProcessPoolExecutor() as pool:
        score, seed, cells = min(pool.map(arrange, range(SEEDS)))
    left, top = (min(cell[axis] for cell in cells.values()) for axis in (0, 1))
    tiles = region().tiles
    if tiles is None:
        raise SystemExit("the region names no file of tiles")
    with tiles.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["adcode", "column", "row"])
        writer.writerows((adcode, x - left, y - top) for adcode, (x, y) in cells.items())
    print(f"{tiles.name}: seed {seed}, score {score:.1f}")


if __name__ == "__main__":
    main()
