// The server's HTML becomes nodes of Telegram's own tags; whatever else it held would become plain text.

const PLAIN_TAGS = new Set(["B", "I", "U", "S", "CODE", "PRE", "BLOCKQUOTE"]);
const COMMAND = /(^|[\s（(：:，。])(\/[a-z][a-z0-9_]{0,63})(?![\w/])/g;

export function richText(html, onCommand) {
  const read = new DOMParser().parseFromString(html, "text/html");
  const shown = document.createDocumentFragment();
  for (const node of read.body.childNodes) shown.append(copy(node, onCommand));
  return shown;
}

function copy(node, onCommand) {
  if (node.nodeType === Node.TEXT_NODE) return onCommand ? withCommands(node.data, onCommand) : node.data;
  if (node.nodeType !== Node.ELEMENT_NODE) return "";
  const made = element(node);
  const inside = node.tagName === "A" || node.tagName === "PRE" || node.tagName === "CODE" ? null : onCommand;
  for (const child of node.childNodes) made.append(copy(child, inside));
  return made;
}

function element(node) {
  if (PLAIN_TAGS.has(node.tagName)) return document.createElement(node.tagName);
  if (node.tagName === "TG-SPOILER") {
    const spoiler = document.createElement("span");
    spoiler.className = "spoiler";
    spoiler.tabIndex = 0;
    const reveal = () => spoiler.classList.add("open");
    spoiler.addEventListener("click", reveal);
    spoiler.addEventListener("keydown", (event) => event.key === "Enter" && reveal());
    return spoiler;
  }
  if (node.tagName === "A" && isWebAddress(node.getAttribute("href"))) {
    const link = document.createElement("a");
    link.href = node.getAttribute("href");
    link.target = "_blank";
    link.rel = "noopener noreferrer";
    return link;
  }
  return document.createElement("span");
}

function withCommands(text, onCommand) {
  const shown = document.createDocumentFragment();
  let at = 0;
  for (const found of text.matchAll(COMMAND)) {
    const start = found.index + found[1].length;
    const link = document.createElement("button");
    link.type = "button";
    link.className = "command";
    link.textContent = found[2];
    link.addEventListener("click", () => onCommand(found[2]));
    shown.append(text.slice(at, start), link);
    at = start + found[2].length;
  }
  shown.append(text.slice(at));
  return shown;
}

export function isWebAddress(address) {
  return /^(https?:\/\/|mailto:)/i.test(address || "");
}
