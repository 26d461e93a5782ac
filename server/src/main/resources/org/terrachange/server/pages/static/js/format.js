// Numbers as analysts read them.

const grouped = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

export function count(value) {
  return grouped.format(value);
}

/** Three significant digits, or whole numbers above a thousand. */
export function figure(value) {
  if (value === 0) {
    return "0";
  }
  return Math.abs(value) >= 1000
    ? grouped.format(value)
    : new Intl.NumberFormat("en", { maximumSignificantDigits: 3 }).format(value);
}

export function squareMetres(value) {
  return `${figure(value)} m²`;
}

export function hectares(value) {
  return `${figure(value / 10000)} ha`;
}

export function percent(share, digits = 1) {
  return `${(100 * share).toFixed(digits)} %`;
}

export function bytes(value) {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? value : figure(value)} ${units[unit]}`;
}

export function duration(seconds) {
  if (seconds < 1) {
    return "less than a second";
  }
  if (seconds < 90) {
    return `${Math.round(seconds)} s`;
  }
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Degrees with letters in place of signs. */
export function lonLat([lon, lat]) {
  return `${Math.abs(lat).toFixed(6)}° ${lat < 0 ? "S" : "N"}  ${Math.abs(lon).toFixed(6)}° ${lon < 0 ? "W" : "E"}`;
}
