/* What a meeting asks of all others; without one, nothing. */
export const stage = {
  isOpen: false,
  leastType: 0, // px; a meeting is read from the back row
};
