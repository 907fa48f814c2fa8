/* What Python sends with the page: the counties, the sets of the filter's options, the layers, the words. */
const read = (id) => JSON.parse(document.getElementById(id).textContent);

export const data = read("atlas-data");
/* What rests on the store: Python gives it with the page, and anew when the store changes. */
export const firstStanding = read("progress-data");
export const { counties, options, groups, layers } = data;
export const numberOf = Object.fromEntries(counties.map((county, number) => [county.adcode, number]));
