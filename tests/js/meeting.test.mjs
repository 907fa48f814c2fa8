import assert from "node:assert/strict";
import { test } from "node:test";
import { copy, move, remove, sceneAsked, sceneOf, within } from "../../assets/js/meeting/order.js";

const deck = () => ["a", "b", "c"].map((title) => ({ title, path: `/${title}` }));
const titles = (scenes) => scenes.map(({ title }) => title).join("");

test("a scene is moved, copied and left out, and the focus goes along", () => {
  const scenes = deck();
  assert.equal(move(scenes, 0, 1), "scene1 down");
  assert.equal(titles(scenes), "bac");
  assert.equal(move(scenes, 1, 1), "scene2 up", "down is dead at the end");
  assert.equal(titles(scenes), "bca");
  assert.equal(move(scenes, 1, -1), "scene0 down");
  assert.equal(titles(scenes), "cba");
  assert.equal(copy(scenes, 0), "scene1 copy");
  assert.equal(titles(scenes), "ccba");
  assert.notEqual(scenes[0], scenes[1]);
  assert.equal(remove(scenes, 3), "scene2 delete");
  assert.equal(titles(scenes), "ccb");
});

test("a scene is asked for by its number or its page", () => {
  assert.equal(sceneAsked("#2", deck()), 1);
  assert.equal(sceneAsked("#/c", deck()), 2);
  for (const hash of ["", "#", "#/d", "#x"]) assert.equal(sceneAsked(hash, deck()), -1, hash);
  assert.equal(sceneOf("/a", deck()), 0);
  assert.deepEqual([-4, 1, 9].map((number) => within(number, deck())), [0, 1, 2]);
});
