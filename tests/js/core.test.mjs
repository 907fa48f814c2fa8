import assert from "node:assert/strict";
import { test } from "node:test";
import { DEFAULTS, MOST_COMPARED, addresses, canonical } from "../../assets/js/core/address.js";
import * as keys from "../../assets/js/core/keys.js";
import { owing } from "../../assets/js/core/owed.js";
import { fill } from "../../assets/js/core/phrases.js";
import { NEXT, algebra } from "../../assets/js/core/sets.js";
import * as small from "./small.mjs";

const address = addresses({ ...small, isKnown: (period) => ["2023", "2025Q3"].includes(period) });
const sets = algebra(small);
const left = (query) => [...sets.match(address.read(query))].join("");

test("the default view has an empty address", () => {
  assert.deepEqual(address.read(""), DEFAULTS);
  assert.equal(address.write(DEFAULTS), "");
});

test("an address is read and written in one order, whatever order it is typed in", () => {
  const query = "layer=road&cluster=C1,C2&cluster_op=all&not=WIND&county=2&compare=3,1&map=tile&period=2025Q3&lang=en&theme=dark";
  assert.equal(address.write(address.read(query)), query);
  assert.equal(address.write(address.read("cluster=C2,C1&layer=road")), "layer=road&cluster=C1,C2");
});

test("what is not understood is ignored, and of two the first counts", () => {
  for (const query of ["layer=none", "county=77", "period=1999", "toString=1", "__proto__=x", "band=X", "cluster=", "compare=77"]) {
    assert.deepEqual(address.read(query), DEFAULTS, query);
  }
  assert.equal(address.read("lang=en&lang=zh").lang, "en");
});

test("no more are compared than there is room for, each once", () => {
  const many = addresses({ ...small, numberOf: Object.fromEntries("abcdefgh".split("").map((one, i) => [one, i])), isKnown: () => true });
  assert.equal(many.read("compare=a,a,b,c,d,e,f,g,h").compare.join(), "a,b,c,d,e,f");
  assert.equal(MOST_COMPARED, 6);
});

test("one stretch from January has one key", () => {
  assert.deepEqual(["2025-03", "2025-09", "2025-12", "2025Q4", "2025-08", "2024"].map(canonical), ["2025Q1", "2025Q3", "2025", "2025", "2025-08", "2024"]);
});

test("inside a group any or all, across groups and, then what is excluded goes", () => {
  assert.equal(left(""), "1110", "the city is no county");
  assert.equal(left("cluster=C1,C2"), "1100");
  assert.equal(left("cluster=C1,C2&cluster_op=all"), "0100");
  assert.equal(left("cluster=C1&energy=WIND"), "0100");
  assert.equal(left("not=WIND"), "1000");
  assert.equal(left("band=B1&not=C1"), "0000");
  assert.equal(sets.count(sets.match(address.read("energy=WIND"))), 2);
});

test("a chip goes through three states, in the order of its group", () => {
  let { view } = { view: DEFAULTS };
  const seen = [];
  for (let i = 0; i < 4; i += 1) {
    seen.push(sets.stateOf(view, "C1"));
    view = sets.withOption(view, "C1", NEXT[sets.stateOf(view, "C1")]);
  }
  assert.deepEqual(seen, ["off", "include", "exclude", "off"]);
  const both = sets.withOption(sets.withOption(DEFAULTS, "C2", "include"), "C1", "include");
  assert.deepEqual(both.cluster, ["C1", "C2"]);
  assert.deepEqual(DEFAULTS.cluster, [], "no view is changed");
});

test("a phrase has its values, and of one its singular", () => {
  assert.equal(fill("{n} of {of}, {else}", { n: 1, of: 2 }), "1 of 2, {else}");
  const said = { one: "{n} county", many: "{n} counties", count: "n" };
  assert.equal(fill(said, { n: 1 }), "1 county");
  assert.equal(fill(said, { n: "11" }), "11 counties");
});

test("a key is heard by the first that takes it, those of the first kind before the page", () => {
  const page = new EventTarget();
  const heard = [];
  keys.keyLast(({ key }) => heard.push(`last ${key}`) && false);
  keys.keyFirst(({ key }) => { heard.push(`first ${key}`); return key === "k"; });
  keys.keyFirst(({ key }) => heard.push(`second ${key}`) && false);
  keys.begin(page);
  for (const key of ["a", "k"]) {
    const event = Object.assign(new Event("keydown", { cancelable: true }), { key });
    page.dispatchEvent(event);
    assert.equal(event.defaultPrevented, key === "k");
  }
  assert.deepEqual(heard, ["first a", "second a", "last a", "first k"]);
});

test("a key is plain without Ctrl, Alt and ⌘, and a letter is its key's on any keyboard", () => {
  assert.equal(keys.plainKey({ key: "T" }), "t");
  assert.equal(keys.plainKey({ key: "Escape" }), "Escape");
  assert.equal(keys.plainKey({ key: "t", ctrlKey: true }), "");
  assert.equal(keys.plainKey({}), "", "a field that the browser fills");
  assert.equal(keys.letterOf({ key: "л", code: "KeyK" }), "k");
  assert.equal(keys.letterOf({ key: "K", code: "KeyT" }), "k");
});

test("addresses are written later and in order, and one that would be replaced is not", async () => {
  const written = [];
  const owed = owing((push, url) => written.push(`${push ? "+" : "="}${url}`), 1);
  owed.owe(true, "/a");
  owed.owe(false, "/b");
  owed.owe(true, "/c");
  assert.deepEqual(written, []);
  await new Promise((done) => { setTimeout(done, 20); });
  assert.deepEqual(written, ["+/b", "+/c"]);
  owed.owe(false, "/d");
  owed.settle();
  assert.equal(written.at(-1), "=/d");
  owed.owe(true, "/e");
  owed.drop();
  owed.settle();
  assert.equal(written.length, 3);
});
