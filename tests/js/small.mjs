/* A small region: three counties and a city that is no county, in two prefectures. */
export const counties = [
  { adcode: "1", county: true, prefecture: "P", tile: [0, 0], clusters: ["C1"], energy: [] },
  { adcode: "2", county: true, prefecture: "P", tile: [1, 0], clusters: ["C1", "C2"], energy: ["WIND"] },
  { adcode: "3", county: true, prefecture: "Q", tile: [1, 1], clusters: [], energy: ["WIND"] },
  { adcode: "9", county: false, prefecture: "Q", tile: [0, 1], clusters: [], energy: [] },
];
export const groups = { band: ["B1", "B2"], cluster: ["C1", "C2"], energy: ["WIND"], road: ["2023"], prefecture: ["P", "Q"] };
export const options = {
  B1: { group: "band", held: [0, 1] }, B2: { group: "band", held: [2] },
  C1: { group: "cluster", held: [0, 1] }, C2: { group: "cluster", held: [1] },
  WIND: { group: "energy", held: [1, 2] }, 2023: { group: "road", held: [0] },
  P: { group: "prefecture", held: [0, 1] }, Q: { group: "prefecture", held: [2] },
};
export const choices = { layer: ["band", "road"], cluster_op: ["any", "all"], energy_op: ["any", "all"], map: ["true", "tile"], lang: ["zh", "en"], theme: ["light", "dark"] };
export const numberOf = Object.fromEntries(counties.map(({ adcode }, number) => [adcode, number]));
