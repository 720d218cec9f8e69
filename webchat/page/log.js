// The log of one chat: keeps messages in the order of their ids, day lines between them, and the view at the end.

import { dayItem, dayKey, messageItem } from "/bubbles.js";

const NEAR = 120;

export class Log {
  constructor(on) {
    this.on = on;
    this.list = document.getElementById("log");
    this.scroller = document.getElementById("scroll");
    this.newer = document.getElementById("newer");
    this.newerText = document.getElementById("newer-text");
    this.messages = new Map();
    this.unseen = 0;
    this.follow = true;
    this.lastTop = 0;
    this.newer.addEventListener("click", () => this.toEnd(true));
    this.scroller.addEventListener("scroll", () => this.noticeScroll(), { passive: true });
    new ResizeObserver(() => this.follow && this.toEnd()).observe(this.scroller);
    new ResizeObserver(() => this.follow && this.toEnd()).observe(this.list);
  }

  clear() {
    this.messages.clear();
    this.list.replaceChildren();
    this.unseen = 0;
    this.newer.hidden = true;
    this.follow = true;
  }

  /** Show what changed; returns whether the bot said something new. */
  take(messages, quiet) {
    let answered = false;
    for (const message of [...messages].sort((one, other) => one.id - other.id)) {
      const before = this.messages.get(message.id);
      const item = messageItem(message, this.on);
      this.messages.set(message.id, { message, item });
      if (before) {
        keepFocus(before.item, item);
        before.item.replaceWith(item);
      } else {
        this.insert(message, item);
        if (!quiet && message.from === "bot") this.unseen += 1;
      }
      answered ||= message.from === "bot";
    }
    if (messages.length) this.arrange(quiet);
    return answered;
  }

  remove(ids) {
    for (const id of ids) {
      this.messages.get(id)?.item.remove();
      this.messages.delete(id);
    }
    if (ids.length) this.arrange(true);
  }

  insert(message, item) {
    const later = [...this.list.querySelectorAll(".message[data-id]")].reverse();
    const before = later.find((other) => Number(other.dataset.id) < message.id);
    if (before) before.after(item);
    else this.list.prepend(item);
  }

  addPending(item) {
    this.list.append(item);
    this.toEnd();
  }

  arrange(quiet) {
    for (const line of this.list.querySelectorAll(".day")) line.remove();
    let day = null;
    let previous = null;
    for (const item of [...this.list.querySelectorAll(".message[data-id]")]) {
      const { message } = this.messages.get(Number(item.dataset.id));
      const own = dayKey(message.date);
      const broken = own !== day;
      if (broken) item.before(dayItem(message.date));
      item.classList.toggle("first", broken || previous?.from !== message.from || message.date - previous.date > 300);
      day = own;
      previous = message;
    }
    for (const item of [...this.list.querySelectorAll(".pending")]) this.list.append(item);
    if (this.follow || quiet) this.toEnd();
    else this.showPill();
  }

  showPill() {
    if (!this.unseen) return;
    this.newerText.textContent = `${this.unseen} 条新消息`;
    this.newer.hidden = false;
  }

  noticeScroll() {
    const left = this.scroller.scrollHeight - this.scroller.scrollTop - this.scroller.clientHeight;
    // Growing content moves the end away too; only who scrolled up has left it.
    const wentUp = this.scroller.scrollTop < this.lastTop - 1;
    this.lastTop = this.scroller.scrollTop;
    if (left < NEAR) this.follow = true;
    else if (wentUp) this.follow = false;
    if (this.follow) {
      this.unseen = 0;
      this.newer.hidden = true;
    } else if (this.newer.hidden && left > this.scroller.clientHeight) {
      this.newerText.textContent = "回到最新";
      this.newer.hidden = false;
    }
  }

  toEnd(smooth) {
    this.follow = true;
    this.unseen = 0;
    this.newer.hidden = true;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.scroller.scrollTo({ top: this.scroller.scrollHeight, behavior: smooth && !calm ? "smooth" : "instant" });
  }
}

/** An edit rebuilds the item; whoever stood on one of its buttons stays on the button in the same place. */
function keepFocus(old, item) {
  if (!old.contains(document.activeElement)) return;
  const place = [...old.querySelectorAll(".key")].indexOf(document.activeElement);
  requestAnimationFrame(() => (item.querySelectorAll(".key")[place] || document.getElementById("text")).focus({ preventScroll: true }));
}
