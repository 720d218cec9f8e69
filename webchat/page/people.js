// Who one is: a person is a chat id. The panel lists them, renames them, adds one.

import { call } from "/api.js";
import { make } from "/bubbles.js";

const SEEN = "webchat.seen";
const byId = (id) => document.getElementById(id);

export class People {
  /** `on` has choose(chat), complain(sentence). */
  constructor(on) {
    this.on = on;
    this.chats = [];
    this.chat = null;
    this.panel = byId("people");
    byId("person").addEventListener("click", () => (this.panel.hidden ? this.open() : this.close()));
    byId("people-add").addEventListener("click", () => this.add());
    document.addEventListener("pointerdown", (event) => {
      if (!this.panel.hidden && !event.target.closest("#people, #person")) this.close();
    });
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !this.panel.hidden) { this.close(); byId("person").focus(); }
    });
  }

  async refresh() {
    const read = await call("/api/chats");
    byId("bot").textContent = read.bot;
    this.chats = read.chats;
    const seen = this.seen(); // what stood there before this tab was opened is not news
    for (const each of read.chats) seen[each.id] ??= each.last;
    sessionStorage.setItem(SEEN, JSON.stringify(seen));
    this.show();
    return read;
  }

  turnTo(chat) {
    this.chat = chat;
    sessionStorage.setItem("webchat.chat", String(chat));
    this.show();
  }

  /** Remember how far this tab has read a chat. */
  markSeen(chat, cursor) {
    const seen = this.seen();
    seen[chat] = Math.max(cursor, seen[chat] || 0);
    sessionStorage.setItem(SEEN, JSON.stringify(seen));
  }

  seen() {
    return JSON.parse(sessionStorage.getItem(SEEN) || "{}");
  }

  nameOf(chat) {
    return this.chats.find((each) => each.id === chat)?.name || `用户 ${chat}`;
  }

  isUnread(each) {
    return each.id !== this.chat && each.last > (this.seen()[each.id] || 0);
  }

  async open() {
    this.panel.hidden = false;
    byId("person").setAttribute("aria-expanded", "true");
    await this.refresh().catch(() => {});
    this.panel.querySelector(".person-row.current .person-pick")?.focus();
  }

  close() {
    this.panel.hidden = true;
    byId("person").setAttribute("aria-expanded", "false");
  }

  show() {
    byId("person-name").textContent = this.nameOf(this.chat);
    document.querySelector("#person .dot").hidden = !this.chats.some((each) => this.isUnread(each));
    const known = this.chats.some((each) => each.id === this.chat);
    const all = known ? this.chats : [...this.chats, { id: this.chat, name: this.nameOf(this.chat), last: 0 }];
    if (this.panel.querySelector("input")) return; // a name is being typed
    byId("people-list").replaceChildren(...all.map((each) => this.row(each)));
  }

  row(each) {
    const row = make("li", `person-row${each.id === this.chat ? " current" : ""}`);
    const pick = make("button", "person-pick");
    pick.type = "button";
    pick.append(make("span", "face", [...each.name][0] === "用" ? String(each.id).slice(-2) : [...each.name][0]));
    pick.append(make("span", "person-label", each.name));
    if (this.isUnread(each)) pick.append(make("i", "dot"));
    if (each.id === this.chat) { pick.append(make("span", "now", "当前")); pick.setAttribute("aria-current", "true"); }
    pick.addEventListener("click", () => { this.close(); this.on.choose(each.id); });
    const rename = make("button", "person-rename", "改名");
    rename.type = "button";
    rename.setAttribute("aria-label", `给${each.name}改名`);
    rename.addEventListener("click", () => this.edit(row, each));
    row.append(pick, rename);
    return row;
  }

  edit(row, each) {
    const field = make("input", "person-field");
    field.value = each.name;
    field.maxLength = 40;
    field.setAttribute("aria-label", "新的名字");
    let ended = false;
    const finish = async (keep) => {
      if (ended) return;
      ended = true;
      const name = field.value.trim();
      row.replaceChildren();
      if (keep && name && name !== each.name) {
        await call(`/api/chats/${each.id}`, { method: "PUT", body: { name } }).catch((error) => this.on.complain(error.message));
      }
      await this.refresh().catch(() => this.show());
    };
    field.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      if (event.key === "Enter") finish(true);
      if (event.key === "Escape") { event.stopPropagation(); finish(false); }
    });
    field.addEventListener("blur", () => finish(true));
    row.replaceChildren(field);
    field.select();
  }

  add() {
    const highest = Math.max(0, this.chat || 0, ...this.chats.map((each) => each.id));
    this.close();
    this.on.choose(highest + 1);
  }
}
