// The page: follows one chat, shows what changes, carries what the person does to the server.

import { call, hasKey, newNonce, readAddress, Refusal, setKey, upload } from "/api.js";
import { pendingItem } from "/bubbles.js";
import { Composer } from "/composer.js";
import { Log } from "/log.js";
import { People } from "/people.js";

const WAIT = 25;
const PATIENCE = 8000; // how long the dots stand for an answer that does not come
const byId = (id) => document.getElementById(id);

let chat = null;
let cursor = 0;
let following = null;
let typingEnd = null;
let toastEnd = null;
const presses = new Map();

const log = new Log({ press, command: (text) => sendText(text) });
const composer = new Composer({ send: sendText, sendFiles, complain: toast });
const people = new People({ choose: openChat, complain: toast });

async function openChat(wanted) {
  following?.abort();
  following = new AbortController();
  chat = wanted;
  cursor = 0;
  log.clear();
  presses.clear();
  setTyping(false);
  people.turnTo(chat);
  composer.open(chat);
  byId("welcome").hidden = true;
  follow(chat, following.signal);
}

/** Read changes for as long as this chat is shown; after a break go on from where it stopped. */
async function follow(own, signal) {
  let heard = 0;
  let failures = 0;
  let quiet = true;
  while (!signal.aborted) {
    try {
      if (failures) await recover(own);
      const wait = quiet || failures ? 0 : WAIT;
      const read = await call(`/api/chats/${own}/messages?after=${cursor}&signals=${heard}&wait=${wait}`, { signal });
      if (signal.aborted) return;
      if (quiet || failures || !read.messages.length) refreshAround(own);
      failures = 0;
      heard = read.next_signal;
      show(read, quiet);
      if (read.next === cursor) quiet = false;
      cursor = read.next;
      people.markSeen(own, cursor);
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof Refusal && error.status === 401) { lock(); return; }
      failures += 1;
      setStatus("连接已断开，正在重连…", "broken");
      await new Promise((resolve) => setTimeout(resolve, Math.min(500 * 2 ** (failures - 1), 5000)));
    }
  }
}

/** After a break: where the server's store was replaced, begin anew. */
async function recover(own) {
  const { chats } = await people.refresh();
  const last = chats.find((each) => each.id === own)?.last || 0;
  if (last < cursor) { cursor = 0; log.clear(); }
}

async function refreshAround(own) {
  try {
    const [{ commands }] = await Promise.all([call(`/api/chats/${own}/commands`), people.refresh()]);
    if (own === chat) composer.setCommands(commands);
  } catch { /* the next round tries again */ }
}

function show(read, quiet) {
  setStatus("在线", "");
  byId("banner").textContent = read.banner;
  byId("banner").hidden = !read.banner;
  dropPending(read.messages);
  const spoken = log.take(read.messages, quiet);
  log.remove(read.deleted || []);
  for (const message of read.messages) endPresses(message.id);
  if (spoken && !quiet) { setTyping(false); ringTitle(); }
  for (const signal of read.signals) hear(signal);
  byId("welcome").hidden = log.messages.size > 0 || Boolean(log.list.querySelector(".pending"));
}

function hear(signal) {
  if (signal.kind === "action") setTyping(true, 5500);
  if (signal.kind !== "answer") return;
  endPresses(signal.message_id);
  if (!signal.text) return;
  if (signal.alert) { byId("alert-text").textContent = signal.text; byId("alert").showModal(); } else toast(signal.text);
}

async function sendText(text) {
  const item = pendingItem(text);
  item.text = text.trim();
  const own = chat;
  await deliver(item, own, (nonce) => call(`/api/chats/${own}/messages`, { method: "POST", body: { text, nonce } }));
}

async function sendFiles(files, caption) {
  const album = files.length > 1 ? newNonce() : "";
  const own = chat;
  for (const [index, file] of files.entries()) {
    const words = index === 0 ? caption : "";
    const item = pendingItem(words, file.name);
    await deliver(item, own, (nonce) => {
      const form = new FormData();
      for (const [name, value] of Object.entries({ caption: words, album, nonce })) if (value) form.append(name, value);
      form.append("file", file, file.name);
      return upload(`/api/chats/${own}/files`, form, (share) => { item.querySelector("progress").value = share; });
    });
  }
}

/** Show what is on its way, send it, and where that fails let the person try again: never twice, by its nonce. */
async function deliver(item, own, post) {
  const nonce = newNonce();
  const attempt = async () => {
    item.classList.remove("failed");
    item.querySelector(".stamp").textContent = "发送中…";
    setTyping(true, PATIENCE);
    try {
      const { ids } = await post(nonce);
      item.ids = ids;
      if (ids.every((id) => log.messages.has(id))) item.remove();
    } catch (error) {
      setTyping(false);
      if (error instanceof Refusal && error.status !== 401) { item.remove(); toast(error.message); return; }
      item.classList.add("failed");
      const again = document.createElement("button");
      again.type = "button";
      again.textContent = "未发送，点此重试";
      again.addEventListener("click", attempt);
      item.querySelector(".stamp").replaceChildren(again);
    }
  };
  byId("welcome").hidden = true;
  log.addPending(item);
  await attempt();
}

function dropPending(messages) {
  const arrived = new Set(messages.map((message) => message.id));
  const texts = messages.filter((message) => message.from === "person").map((message) => message.text);
  for (const item of log.list.querySelectorAll(".pending")) {
    const known = item.ids ? item.ids.some((id) => arrived.has(id)) : item.text && texts.includes(item.text);
    if (known) item.remove();
  }
}

async function press(message, button, node) {
  if (node.getAttribute("aria-busy") === "true") return;
  node.setAttribute("aria-busy", "true");
  presses.set(node, message.id);
  setTimeout(() => endPress(node), PATIENCE);
  try {
    await call(`/api/chats/${chat}/presses`, { method: "POST", body: { message_id: message.id, data: button.data } });
  } catch (error) {
    endPress(node);
    toast(error instanceof Refusal ? error.message : "没有发送成功，请再点一次。");
  }
}

function endPress(node) {
  node.removeAttribute("aria-busy");
  presses.delete(node);
}

function endPresses(messageId) {
  for (const [node, id] of presses) if (id === messageId) endPress(node);
}

function setTyping(on, length) {
  clearTimeout(typingEnd);
  byId("typing").hidden = !on;
  if (on) typingEnd = setTimeout(() => setTyping(false), length);
  if (log.follow) log.toEnd();
}

function setStatus(text, mood) {
  const line = byId("status");
  if (line.textContent !== text) line.textContent = text;
  line.className = mood;
}

function toast(text) {
  const box = byId("toast");
  clearTimeout(toastEnd);
  box.textContent = text;
  box.hidden = false;
  toastEnd = setTimeout(() => { box.hidden = true; }, Math.min(2500 + text.length * 60, 8000));
}

function ringTitle() {
  if (document.hidden) document.title = "新消息 · 兴村助手";
}

function lock() {
  byId("locked").hidden = false;
  setStatus("需要密钥", "broken");
  byId("key").focus();
}

function begin() {
  const asked = readAddress();
  const first = asked.chat || Number(sessionStorage.getItem("webchat.chat")) || 1;
  byId("begin").addEventListener("click", () => sendText("/start"));
  byId("unlock").addEventListener("submit", (event) => {
    event.preventDefault();
    setKey(byId("key").value);
    byId("key").value = "";
    byId("locked").hidden = true;
    openChat(first);
  });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) document.title = "兴村助手"; });
  if (!hasKey()) { lock(); return; }
  openChat(first);
  if (asked.start) composer.fill(`/start ${asked.start}`);
  if (matchMedia("(pointer: fine)").matches) byId("text").focus();
}

begin();
