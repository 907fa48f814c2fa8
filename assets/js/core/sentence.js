/* Until the phrases are here. */
import { options } from "./data.js";
import { state } from "./view.js";

export const conditions = (view) => [...["prefecture", "cluster", "energy", "band", "road"].flatMap((g) => view[g].map((id) => options[id][state.view.lang])), ...view.not.map((id) => `非${options[id][state.view.lang]}`)];
