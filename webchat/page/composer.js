// Where the person types: text, commands, files by button, drag or paste.

import { make } from "/bubbles.js";

const FILE_LIMIT = 20 * 1024 * 1024;
const byId = (id) => document.getElementById(id);

export class Composer {
  /** `on` has send(text), sendFiles(files, caption), complain(sentence). */
  constructor(on) {
    this.on = on;
    this.text = byId("text");
    this.files = [];
    this.commands = [];
    this.chat = null;
    byId("composer").addEventListener("submit", (event) => { event.preventDefault(); this.submit(); });
    byId("attach").addEventListener("click", () => byId("file").click());
    byId("file").addEventListener("change", (event) => { this.choose(event.target.files); event.target.value = ""; });
    byId("menu").addEventListener("click", () => this.toggleMenu());
    this.text.addEventListener("input", () => this.changed());
    this.text.addEventListener("keydown", (event) => this.pressKey(event));
    this.text.addEventListener("blur", () => setTimeout(() => this.hideMenu(), 150));
    this.text.addEventListener("paste", (event) => {
      if (!event.clipboardData.files.length) return;
      event.preventDefault();
      this.choose(event.clipboardData.files);
    });
    this.takeDrops();
  }

  /** Turn to a chat: its unsent text comes back. */
  open(chat) {
    this.chat = chat;
    this.files = [];
    this.showFiles();
    this.fill(sessionStorage.getItem(`webchat.draft.${chat}`) || "");
  }

  fill(text) {
    this.text.value = text;
    this.changed(true);
  }

  setCommands(commands) {
    this.commands = commands;
    byId("menu").hidden = commands.length === 0 || this.text.value !== "";
  }

  submit() {
    const text = this.text.value;
    if (this.files.length) this.on.sendFiles(this.files, text.trim());
    else if (text.trim()) this.on.send(text);
    else return;
    this.files = [];
    this.showFiles();
    this.fill("");
    this.text.focus();
  }

  changed(quiet) {
    const { value } = this.text;
    if (this.chat) sessionStorage.setItem(`webchat.draft.${this.chat}`, value);
    this.text.style.height = "auto";
    this.text.style.height = `${Math.min(this.text.scrollHeight, 168)}px`;
    byId("send").disabled = !value.trim() && !this.files.length;
    byId("menu").hidden = this.commands.length === 0 || value !== "";
    if (!quiet && /^\/[a-z0-9_]*$/i.test(value)) this.showMenu(value.slice(1).toLowerCase());
    else this.hideMenu();
  }

  pressKey(event) {
    if (event.isComposing || event.keyCode === 229) return; // an input method is still choosing characters
    const menu = byId("commands");
    if (!menu.hidden) {
      const rows = [...menu.children];
      const at = rows.findIndex((row) => row.getAttribute("aria-selected") === "true");
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        this.mark((at + (event.key === "ArrowDown" ? 1 : rows.length - 1)) % rows.length);
        return;
      }
      if (event.key === "Escape") { event.preventDefault(); this.hideMenu(); return; }
      if (event.key === "Tab") { event.preventDefault(); this.fill(`/${rows[at].dataset.command} `); return; }
      if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); this.run(rows[at].dataset.command); return; }
    }
    if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); this.submit(); }
  }

  toggleMenu() {
    if (byId("commands").hidden) { this.text.focus(); this.showMenu(""); } else this.hideMenu();
  }

  showMenu(start) {
    const fitting = this.commands.filter((each) => each.command.startsWith(start));
    const menu = byId("commands");
    menu.replaceChildren(...fitting.map((each, index) => {
      const row = make("li", "command-row");
      row.id = `command-${index}`;
      row.setAttribute("role", "option");
      row.dataset.command = each.command;
      row.append(make("span", "command-name", `/${each.command}`), make("span", "command-words", each.description));
      row.addEventListener("pointerdown", (event) => { event.preventDefault(); this.run(each.command); });
      return row;
    }));
    menu.hidden = fitting.length === 0;
    if (fitting.length) this.mark(0);
  }

  mark(place) {
    [...byId("commands").children].forEach((row, index) => {
      row.setAttribute("aria-selected", String(index === place));
      if (index === place) { this.text.setAttribute("aria-activedescendant", row.id); row.scrollIntoView({ block: "nearest" }); }
    });
  }

  hideMenu() {
    byId("commands").hidden = true;
    this.text.removeAttribute("aria-activedescendant");
  }

  run(command) {
    this.hideMenu();
    this.fill("");
    this.on.send(`/${command}`);
  }

  choose(list) {
    for (const file of list) {
      if (file.size > FILE_LIMIT) this.on.complain(`“${file.name}”超过 20 MB，请压缩或拆分后再发送。`);
      else if (file.size === 0) this.on.complain(`“${file.name}”是空文件，请重新选择。`);
      else this.files.push(file);
    }
    this.showFiles();
    this.text.focus();
  }

  showFiles() {
    const list = byId("chosen");
    list.replaceChildren(...this.files.map((file, index) => {
      const row = make("li", "chip");
      const drop = make("button", "chip-drop", "×");
      drop.type = "button";
      drop.setAttribute("aria-label", `移除 ${file.name}`);
      drop.addEventListener("click", () => { this.files.splice(index, 1); this.showFiles(); });
      row.append(make("span", "chip-name", file.name), drop);
      return row;
    }));
    list.hidden = this.files.length === 0;
    this.text.placeholder = this.files.length ? "添加说明（可不填）" : "输入消息";
    byId("send").disabled = !this.text.value.trim() && !this.files.length;
  }

  takeDrops() {
    const zone = byId("drop");
    const hasFiles = (event) => [...(event.dataTransfer?.types || [])].includes("Files");
    document.addEventListener("dragenter", (event) => { if (hasFiles(event)) { event.preventDefault(); zone.hidden = false; } });
    document.addEventListener("dragover", (event) => { if (hasFiles(event)) event.preventDefault(); });
    document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) zone.hidden = true; });
    document.addEventListener("drop", (event) => {
      zone.hidden = true;
      if (!hasFiles(event)) return;
      event.preventDefault();
      this.choose(event.dataTransfer.files);
    });
  }
}
