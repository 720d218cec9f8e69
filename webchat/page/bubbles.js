// One message as an item of the log: bubble, file or picture, buttons, time.

import { isWebAddress, richText } from "/rich_text.js";

const PICTURE_WIDTH = 288;
const PICTURE_HEIGHT = 320;
const SPRITES = { xlsx: "sheet", xls: "sheet", csv: "sheet", et: "sheet", docx: "word", doc: "word", wps: "word", pdf: "pdf" };

/** Build the item. `on` has press(message, button, node), command(text). */
export function messageItem(message, on) {
  const item = document.createElement("li");
  item.className = `message ${message.from}${message.buttons.length ? " with-keys" : ""}`;
  item.dataset.id = message.id;
  const bubble = make("div", "bubble");
  bubble.append(make("span", "sr", message.from === "bot" ? "兴村助手：" : "我："));
  if (message.picture) bubble.append(picture(message));
  else if (message.file) bubble.append(fileCard(message.file));
  if (message.text) {
    const text = make("div", "text");
    text.append(richText(message.html, message.from === "bot" ? on.command : null));
    bubble.append(text);
  }
  bubble.append(stamp(message));
  item.append(bubble);
  if (message.buttons.length) item.append(keyboard(message, on));
  return item;
}

/** A message on its way: shown at once, replaced when the server has it. */
export function pendingItem(text, fileName) {
  const item = document.createElement("li");
  item.className = "message person pending first";
  const bubble = make("div", "bubble");
  if (fileName) {
    const card = fileCard({ name: fileName, size: null, url: null });
    const bar = make("progress", "progress");
    bar.max = 1;
    bar.value = 0;
    bar.setAttribute("aria-label", "上传进度");
    bubble.append(card, bar);
  }
  if (text) bubble.append(make("div", "text", text));
  bubble.append(make("div", "stamp", "发送中…"));
  item.append(bubble);
  return item;
}

export function dayItem(date) {
  const item = make("li", "day");
  item.append(make("span", "", dayName(date)));
  return item;
}

export function dayKey(seconds) {
  return new Date(seconds * 1000).toDateString();
}

function stamp(message) {
  const time = new Date(message.date * 1000);
  const shown = make("time", "stamp", time.toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false }));
  shown.dateTime = time.toISOString();
  shown.title = time.toLocaleString("zh-CN");
  if (message.edited) shown.prepend(make("span", "edited", "已更新 "));
  return shown;
}

function keyboard(message, on) {
  const keys = make("div", "keyboard");
  keys.setAttribute("role", "group");
  keys.setAttribute("aria-label", "可选操作");
  for (const row of message.buttons) {
    const line = make("div", "row");
    for (const button of row) line.append(key(message, button, on));
    keys.append(line);
  }
  return keys;
}

function key(message, button, on) {
  if (button.url !== undefined) {
    const link = make("a", "key link", button.text);
    if (isWebAddress(button.url)) {
      link.href = button.url;
      link.target = "_blank";
      link.rel = "noopener noreferrer";
    } else {
      link.setAttribute("aria-disabled", "true");
    }
    return link;
  }
  const shown = make("button", "key", button.text);
  shown.type = "button";
  shown.addEventListener("click", () => on.press(message, button, shown));
  return shown;
}

function fileCard(file) {
  const card = make(file.url ? "a" : "div", "file");
  if (file.url) {
    card.href = `${file.url}&download=1`;
    card.setAttribute("download", file.name);
    card.setAttribute("aria-label", `下载 ${file.name}，${sizeName(file.size)}`);
  }
  const ending = (/\.([a-z0-9]{1,5})$/i.exec(file.name) || [])[1] || "";
  card.append(make("span", `sprite ${SPRITES[ending.toLowerCase()] || "other"}`, ending.toUpperCase().slice(0, 4) || "文件"));
  const words = make("span", "file-words");
  words.append(make("span", "file-name", file.name));
  if (file.size !== null) words.append(make("span", "file-size", `${sizeName(file.size)} · 点击下载`));
  card.append(words);
  return card;
}

function picture(message) {
  const link = make("a", "picture");
  link.href = message.file.url;
  link.target = "_blank";
  link.rel = "noopener noreferrer";
  const image = document.createElement("img");
  image.src = message.file.url;
  image.alt = message.text || `图片 ${message.file.name}`;
  const [width, height] = message.picture;
  const scale = Math.min(1, PICTURE_WIDTH / width, PICTURE_HEIGHT / height);
  [image.width, image.height] = [Math.max(48, Math.round(width * scale)), Math.round(height * scale)];
  image.loading = "lazy";
  link.append(image);
  return link;
}

export function make(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function sizeName(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${Math.round(bytes / 1024)} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

function dayName(seconds) {
  const day = new Date(seconds * 1000);
  const today = new Date();
  const days = Math.round((new Date(today.toDateString()) - new Date(day.toDateString())) / 86400000);
  if (days === 0) return "今天";
  if (days === 1) return "昨天";
  const year = day.getFullYear() === today.getFullYear() ? "" : `${day.getFullYear()}年`;
  return `${year}${day.getMonth() + 1}月${day.getDate()}日`;
}
