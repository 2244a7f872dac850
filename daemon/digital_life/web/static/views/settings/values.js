/** A value as one would read it. */

/** `key` tells its kind and choices. */
export function written(app, key, value) {
  const choice = key.choices.find((each) => each.value === value);
  if (choice) return choice.text;
  if (typeof value === "boolean") return app.t(`console.settings.${value ? "on" : "off"}`);
  if (typeof value === "number") return [app.number(value, { maximumFractionDigits: 6, useGrouping: false }), key.unit].filter(Boolean).join(" ");
  const text = plain(app, key, value);
  return text === "" ? app.t("console.settings.empty") : text;
}

function plain(app, key, value) {
  if (value === null || value === undefined) return "";
  if (Array.isArray(value)) return value.map((each) => nameOf(each) ?? choiceOf(key, each)).join(", ");
  if (typeof value === "object") return Object.entries(value).map(([name, each]) => `${name}: ${each}`).join(", ");
  return String(value);
}

function choiceOf(key, value) {
  return key.choices.find((each) => each.value === value)?.text ?? String(value);
}

/** What tells one record from another; undefined for what is no record. */
export function nameOf(record) {
  return typeof record === "object" && record !== null ? String(record.name || record.model || record.path || "…") : undefined;
}
