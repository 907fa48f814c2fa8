import assert from "node:assert/strict";
import { test } from "node:test";
import * as boxes from "../../assets/js/map/label_boxes.js";
import { WAYS, nearest } from "../../assets/js/map/neighbours.js";
import { POINTS, between, layTiles, sampled } from "../../assets/js/map/tiles.js";
import { inOrder, leader, plan } from "../../assets/js/map/labels.js";
import { counties } from "./small.mjs";

test("a Chinese character is as wide as it is high", () => {
  assert.equal(boxes.textWidth("瓜州", 10), 20);
  assert.ok(boxes.textWidth("Guazhou", 10) < boxes.textWidth("瓜州县城中", 10));
});

test("boxes that touch do not overlap, and what is taken is not free", () => {
  const [left, right] = [[0, 0, 10, 10], [10, 0, 20, 10]];
  assert.equal(boxes.overlaps(left, right), false);
  assert.equal(boxes.overlaps(left, [9, 9, 20, 20]), true);
  assert.equal(boxes.isInside(left, [0, 0, 10, 10]), true);
  assert.equal(boxes.isInside(right, [0, 0, 15, 10]), false);
  const places = boxes.taken();
  assert.equal(places.isFree(left), true);
  places.take(left);
  assert.equal(places.isFree(boxes.around([5, 5], 2, 2)), false);
  assert.equal(places.isFree(right), true);
});

test("beside its place a label is first as near as it can be", () => {
  const all = [...boxes.beside([0, 0], 10, 4, 5)];
  assert.equal(all.length, 7 * 16);
  const far = all.map(([x, y]) => Math.hypot(x, y));
  assert.ok(Math.max(...far.slice(0, 16)) < Math.max(...far.slice(-16)));
  assert.deepEqual(all[0], [14.5, 0]);
});

test("a name is shortened where it stays a name, and only one county's", () => {
  assert.deepEqual(boxes.shortNames(["瓜州县", "夏县", "城关区", "城关县"]), ["瓜州", "夏县", "城关区", "城关县"]);
});

test("tiles do not overlap, and lines are where prefectures end", () => {
  const tiles = layTiles(counties, [0, 0, 1000, 1000]);
  const squares = counties.map((county) => tiles.boxOf([county]));
  squares.forEach((one, i) => squares.forEach((other, j) => assert.ok(i === j || !boxes.overlaps(one, other))));
  for (const county of counties) {
    assert.match(tiles.square(county), /^M\d+ \d+h\d+v\d+h-\d+z$/);
    assert.equal(tiles.points(county).length, POINTS);
    assert.ok(boxes.isInside([...tiles.middle(county), ...tiles.middle(county)], tiles.boxOf([county])));
  }
  const lines = tiles.borders().match(/M/g).length;
  assert.equal(lines, 8 + 4, "the outside, and both sides of the line between P and Q");
});

test("an outline is walked evenly from its corner, and one becomes the other", () => {
  const square = sampled("M0 0l100 0l0 100l-100 0z");
  assert.equal(square.length, POINTS);
  assert.deepEqual(square[0], [0, 0]);
  const steps = square.map(([x, y], i) => Math.hypot(square[(i + 1) % POINTS][0] - x, square[(i + 1) % POINTS][1] - y));
  assert.ok(Math.max(...steps) - Math.min(...steps) < 1e-9);
  assert.deepEqual(sampled("M0 0l0 100l100 0l0 -100z")[1], square[1], "whichever way round it is drawn");
  const twice = square.map(([x, y]) => [2 * x, 2 * y]);
  assert.match(between(square, twice, 0), /^M0 0L10 0L/);
  assert.match(between(square, twice, 1), /^M0 0L20 0L/);
});

test("an arrow leads to the nearest place ahead, and back over an edge that is shared", () => {
  const places = [[0, 0], [10, 0], [0, 10], [11, 1]];
  assert.equal(nearest(places, 0, "ArrowRight", []), 1);
  assert.equal(nearest(places, 0, "ArrowRight", [3]), 3);
  assert.equal(nearest(places, 0, "ArrowDown", []), 2);
  assert.equal(nearest(places, 0, "ArrowLeft", []), null);
  assert.deepEqual(Object.keys(WAYS).map((key) => nearest([[0, 0]], 0, key, [])), [null, null, null, null]);
});

test("the picked county is named first, then those that match, the extremes, the large", () => {
  const matched = [1, 1, 0, 1, 1];
  const order = inOrder([0, 1, 2, 3, 4], { picked: 2, matched, extremes: new Set([3]), sizeOf: (number) => number });
  assert.deepEqual(order, [2, 3, 4, 1, 0]);
});

test("a name that does not fit stands beside its county, where a line may lead, and in nobody's way", () => {
  const one = (number, at, more = {}) => ({ number, at, names: ["甘州区", "甘州"], marksWide: 0, tall: 6, fits: () => true, leads: true, ...more });
  const room = [0, 0, 400, 400];
  const found = plan([one(1, [100, 100]), one(2, [104, 102]), one(3, [108, 104], { leads: false }), one(4, [300, 300], { fits: () => false })], { size: 10, pixel: 1, room });
  assert.equal(found.get(1).isBeside, false);
  assert.equal(found.get(2).isBeside, true);
  assert.equal(found.has(3), false);
  assert.deepEqual([found.get(4).isBeside, found.get(4).name], [true, "甘州"]);
  const box = ({ x, y, wide, tall }) => [x - wide, y - tall, x + wide, y + tall];
  const drawn = [...found.values()].map(box);
  drawn.forEach((a, i) => drawn.forEach((b, j) => assert.ok(i === j || !boxes.overlaps(a, b))));
  assert.match(leader([300, 300], found.get(4)), /^M300 300L/);
});
