/* What a speaker reads beside a slide: the notes written for him, or else what the page says there. */

import { notesOf } from "./notes_place.js";

/** What of a page is no text. */
const NOT_TEXT = "script, link, iframe, object, embed, form, button, .cb-anchor, .cb-to-slides, .cb-actions, .cb-part";

/** Pixels of what comes before that are seen above the paragraph of a slide. */
const ABOVE = 12;

/** What a style element of a page is called while its text is looked at. */
const STYLE = "cb-style";

const TEXT_STYLES = new URL("./speaker_text.css", import.meta.url).href;

/** Attributes that hold an address. */
const ADDRESSES = ["src", "href", "poster", "data"];

export class Notes {
  /** Its own tree: the page's styles hold in it, and nowhere else in the speaker's window. */
  #root;
  #text = document.createElement("div");
  /** @type {Map<string, Promise<{page: Document, address: string}>>} */
  #pages = new Map();
  /** @type {Map<string, HTMLLinkElement>} */
  #styles = new Map();
  #wanted = 0;
  /** @type {Element | null} the section of a page that is shown */
  #section = null;
  #say;

  /**
   * @param {HTMLElement} host
   * @param {(what: string) => void} say told where the text comes from
   */
  constructor(host, say) {
    this.#say = say;
    this.#root = host.attachShadow({ mode: "open" });
    this.#root.append(this.#text);
  }

  /** @param {number} size 1 for the usual */
  set size(size) {
    this.#text.style.zoom = String(size);
  }

  /** Pages may have changed. */
  forget() {
    this.#pages.clear();
  }

  /**
   * Show what belongs to a slide.
   * @param {HTMLElement} slide
   * @param {string[]} styles addresses of what the deck's own code is coloured with
   */
  async show(slide, styles) {
    this.#wanted += 1;
    const mine = this.#wanted;
    const shown = this.#section;
    this.#section = null;
    const own = [...slide.querySelectorAll("aside.notes")];
    if (own.length) {
      this.#put(own.flatMap((notes) => [...copied(notes, slide.baseURI).childNodes]), [...styles, TEXT_STYLES]);
      this.#say("Your notes");
      return;
    }
    const link = slide.querySelector("a.cb-counterpart");
    if (!link) {
      this.#put([words("This slide has no notes.")]);
      this.#say("Notes");
      return;
    }
    try {
      const { page, address } = await this.#load(new URL(link.href));
      if (mine !== this.#wanted) return;
      const id = nameOf(notesOf(slide));
      const section = sectionOf(page, id);
      this.#section = section;
      if (!section || section !== shown) {
        const sheets = [...page.querySelectorAll("link[rel=stylesheet]:not([media=print])")];
        const part = section && partOf(section, otherSections(slide, page, section));
        await this.#put(
          part ? [copied(part, address)] : [words("The page says nothing that belongs to this slide.")],
          [...sheets.map((sheet) => new URL(sheet.getAttribute("href"), address).href), TEXT_STYLES],
          "cb-article",
        );
        if (mine !== this.#wanted) return;
      }
      this.#goTo(id);
      this.#say("From the page");
    } catch {
      if (mine !== this.#wanted) return;
      this.#put([words("The page could not be loaded. Turn back and forth to try again.")]);
      this.#say("Notes");
    }
  }

  /** @param {URL} address */
  #load(address) {
    const place = address.href.replace(address.hash, "");
    if (!this.#pages.has(place)) {
      const loading = fetch(place).then(async (answer) => {
        if (!answer.ok) throw new Error(`${answer.status}`);
        // What is parsed here never runs; style elements, though, would be refused already.
        const text = (await answer.text()).replace(/<(\/?)style\b/gi, `<$1${STYLE}`);
        return { page: new DOMParser().parseFromString(text, "text/html"), address: place };
      });
      loading.catch(() => this.#pages.delete(place));
      this.#pages.set(place, loading);
    }
    return this.#pages.get(place);
  }

  /** Show where in its section the slide is. @param {string} id of a paragraph, or of the section */
  #goTo(id) {
    this.#text.querySelector(".cb-here")?.classList.remove("cb-here");
    const box = this.#root.host.parentElement;
    const found = id && this.#root.getElementById(id);
    if (!found || found.matches("section, section > span")) {
      box.scrollTop = 0;
      return;
    }
    found.classList.add("cb-here");
    box.scrollTop += found.getBoundingClientRect().top - box.getBoundingClientRect().top - ABOVE;
  }

  /**
   * @param {Node[]} nodes
   * @param {string[]} [styles] addresses
   * @param {string} [className]
   * @returns {Promise<unknown>} its styles have come
   */
  #put(nodes, styles = [TEXT_STYLES], className = "cb-own-notes") {
    for (const [address, link] of this.#styles) {
      if (styles.includes(address)) continue;
      link.remove();
      this.#styles.delete(address);
    }
    const coming = [];
    for (const address of styles) {
      if (this.#styles.has(address)) continue;
      const link = document.createElement("link");
      Object.assign(link, { rel: "stylesheet", href: address });
      this.#styles.set(address, link);
      coming.push(new Promise((done) => {
        for (const name of ["load", "error"]) link.addEventListener(name, done, { once: true });
      }));
      this.#text.before(link);
    }
    const text = new DocumentFragment();
    text.append(...nodes);
    this.#root.adoptedStyleSheets = [...text.querySelectorAll(`style, ${STYLE}`)].map(sheetOf);
    this.#text.className = className;
    this.#text.replaceChildren(text);
    this.#root.host.parentElement.scrollTop = 0;
    return Promise.all(coming);
  }
}

/** @param {string} hash of an address */
function nameOf(hash) {
  return decodeURIComponent(hash.slice(1));
}

/**
 * Find the section of a page that a paragraph stands in.
 * @param {Document} page
 * @param {string} id of the paragraph or of the section; "" for the first section
 * @returns {Element | null}
 */
function sectionOf(page, id) {
  return id ? page.getElementById(id)?.closest("section") ?? null : page.querySelector(".cb-article section");
}

/**
 * Find the sections of a page that other slides have as their notes.
 * @param {HTMLElement} slide
 * @param {Document} page
 * @param {Element} own the section that this slide has
 */
function otherSections(slide, page, own) {
  const links = [...slide.ownerDocument.querySelectorAll("section.cb-slide a.cb-counterpart")];
  const others = new Set(links.map((link) => sectionOf(page, nameOf(link.hash))));
  others.delete(own);
  return others;
}

/**
 * Copy a section of a page, without those below it that have slides of their own.
 * @param {Element} section
 * @param {Set<Element | null>} others
 * @returns {Element | null} null: nothing but a title stands there
 */
function partOf(section, others) {
  const part = section.cloneNode(true);
  const below = [...section.querySelectorAll("section")];
  [...part.querySelectorAll("section")].forEach((inner, place) => {
    if (others.has(below[place])) inner.remove();
  });
  for (const other of part.querySelectorAll(NOT_TEXT)) other.remove();
  const isEmpty = ![...part.querySelectorAll("*")].some((element) => (
    !element.closest("h1, h2, h3, h4, h5, h6, header")
    && (element.matches("img, svg, math") || [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
  ));
  return isEmpty ? null : part;
}

/** Take a drawing's style, whose element is refused here. @param {Element} element */
function sheetOf(element) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(element.textContent);
  element.remove();
  return sheet;
}

/**
 * Copy something of another document, with addresses that hold here.
 * @param {Element} element
 * @param {string} base
 */
function copied(element, base) {
  const copy = document.importNode(element, true);
  for (const part of copy.querySelectorAll(ADDRESSES.map((name) => `[${name}]`).join(","))) {
    const isDrawn = part.namespaceURI !== "http://www.w3.org/1999/xhtml";
    for (const name of ADDRESSES) {
      const address = part.getAttribute(name);
      if (address === null || (isDrawn && address.startsWith("#")) || !URL.canParse(address, base)) continue;
      part.setAttribute(name, new URL(address, base).href);
    }
    if (part.matches("a")) Object.assign(part, { target: "_blank", rel: "noopener" });
  }
  return copy;
}

/** @param {string} text */
function words(text) {
  const paragraph = document.createElement("p");
  paragraph.className = "cb-no-notes";
  paragraph.textContent = text;
  return paragraph;
}
