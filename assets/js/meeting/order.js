/* The order of a deck's scenes: which one is asked for, and how they are moved. Needs no page. */

export const within = (number, scenes) => Math.max(0, Math.min(scenes.length - 1, number));
export const sceneOf = (path, scenes) => scenes.findIndex((scene) => scene.path === path);
/* A scene is asked for by its number, or by its page: #3, #/prefecture/620900; -1 where none is. */
export const sceneAsked = (hash, scenes) => (Number(hash.slice(1)) || sceneOf(hash.slice(1), scenes) + 1) - 1;

/* In place, as what a button stands for is the list as it is when it is pressed. Each returns which button of which scene
   has the focus then: where the one that was pressed is dead at an end, its neighbour. */
export function move(scenes, at, by) {
  scenes.splice(at + by, 0, ...scenes.splice(at, 1));
  const isEnd = at + by === 0 || at + by === scenes.length - 1;
  return `scene${at + by} ${(by < 0) === isEnd ? "down" : "up"}`;
}
export function copy(scenes, at) {
  scenes.splice(at + 1, 0, { ...scenes[at] });
  return `scene${at + 1} copy`;
}
export function remove(scenes, at) {
  scenes.splice(at, 1);
  return `scene${Math.min(at, scenes.length - 1)} delete`;
}
