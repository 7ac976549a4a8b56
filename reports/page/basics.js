
// Small things that all of the page's script uses. Texts of a history reach the page by textContent and fillText alone, so
// that they can only ever be text.

const byId = (id) => document.getElementById(id);

function element(tag, text, kind) {
  const made = document.createElement(tag);
  if (text !== undefined) made.textContent = text;
  if (kind) made.className = kind;
  return made;
}

const instant = (micro) => (micro / 1e6).toFixed(3) + " s";

function duration(micro) {
  if (micro < 0) return "no end";
  if (micro < 1000) return (micro / 1000).toFixed(2) + " ms";
  if (micro < 999500) return Number((micro / 1000).toPrecision(3)) + " ms";
  return (micro / 1e6).toFixed(2) + " s";
}

const grouped = (number) => number.toLocaleString("en-GB");

// unpack reads base64 (the alphabet of URLs) of gzip of JSON.
async function unpack(text) {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i);
  const plain = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(plain).json();
}

// sums undoes differences: [3, 1, 1] becomes 3, 4, 5.
function sums(differences) {
  const all = new Float64Array(differences.length);
  let sum = 0;
  for (let i = 0; i < all.length; i++) all[i] = sum += differences[i];
  return all;
}

// firstAtLeast is the first position of a sorted list with at least a value.
function firstAtLeast(sorted, value) {
  let low = 0, high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < value) low = middle + 1; else high = middle;
  }
  return low;
}

// naturally puts c2 before c10.
const naturally = new Intl.Collator("en", { numeric: true }).compare;
