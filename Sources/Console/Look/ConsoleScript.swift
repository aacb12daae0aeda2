/// The script of the console, which makes pages live; all pages work without it.
enum ConsoleScript {
  /// The text.
  static let text = #"""
    // Copies ids, shows times in the zone of the browser, checks all boxes of a list, and fetches the parts
    // of a page that are marked as live again every few seconds.
    "use strict";
    document.documentElement.classList.add("scripted");

    const localTimes = (root) => {
      const format = new Intl.DateTimeFormat(undefined, { dateStyle: "short", timeStyle: "medium" });
      for (const time of root.querySelectorAll("time[datetime]")) {
        const date = new Date(time.dateTime);
        if (!isNaN(date)) time.textContent = format.format(date);
      }
    };

    document.addEventListener("click", async (event) => {
      const button = event.target.closest("[data-copy]");
      if (!button) return;
      try {
        await navigator.clipboard.writeText(button.dataset.copy);
        button.textContent = "Copied";
      } catch {
        button.textContent = "Press Ctrl C";
        getSelection().selectAllChildren(button.previousElementSibling);
      }
      setTimeout(() => { button.textContent = "Copy"; }, 1500);
    });

    document.addEventListener("change", (event) => {
      if (!event.target.matches("[data-all]")) return;
      const form = event.target.form;
      for (const box of form.elements) {
        if (box.type === "checkbox" && box.name === "id") box.checked = event.target.checked;
      }
    });

    // A part with a field in use, a checked box or an opened detail is left alone: nothing that a person is
    // about to do is taken away.
    const isInUse = (part) =>
      part.contains(document.activeElement) && document.activeElement !== part ||
      part.querySelector("input:checked, details[open]:not([data-open])") !== null;

    const fetched = async (address, headers) => {
      const response = await fetch(address, { headers, redirect: "error" });
      if (response.status === 401 || response.status === 403) location.reload();
      if (!response.ok) throw new Error(response.status);
      return new DOMParser().parseFromString(await response.text(), "text/html");
    };

    // A list of which little fits its filter is searched on until it is full or everything was searched
    const search = async () => {
      const link = document.querySelector("a[data-search]");
      const found = document.querySelectorAll("main tbody tr").length;
      if (!link || found >= 50) return;
      const said = link.parentElement.querySelector("[role=status]");
      if (said) said.textContent = "Searching …";
      const page = await fetched(link.href, { "X-Refresh": "1", "X-Search": "1" });
      localTimes(page);
      for (const list of page.querySelectorAll(".table[id]")) {
        const own = document.getElementById(list.id);
        // What was found stays: the first portion, which is refreshed, has less
        list.removeAttribute("data-live");
        own?.removeAttribute("data-live");
        if (own) own.querySelector("tbody").append(...list.querySelectorAll("tbody tr"));
        else document.querySelector(`[data-instead="${list.id}"]`)?.replaceWith(list);
      }
      const next = page.querySelector("nav.pager");
      if (next) link.parentElement.replaceWith(next);
      else link.remove();
      if (next?.querySelector("[rel=next]")) return search();
      const end = document.createElement("span");
      end.className = "soft";
      end.setAttribute("role", "status");
      end.textContent = "Everything was searched.";
      document.querySelector("nav.pager").append(end);
      for (const empty of document.querySelectorAll("[data-instead] p:first-child")) {
        empty.textContent = "Nothing was found.";
      }
    };

    const period = 4000;
    let failures = 0;

    const refresh = async () => {
      const parts = [...document.querySelectorAll("[data-live]")];
      const empty = [...document.querySelectorAll("[data-instead]")];
      if (!parts.length && !empty.length) return;
      try {
        if (document.visibilityState === "visible") {
          const page = await fetched(location.href, { "X-Refresh": "1" });
          for (const part of parts) {
            const fresh = page.getElementById(part.id);
            if (!fresh || isInUse(part) || fresh.innerHTML === part.dataset.seen) continue;
            part.dataset.seen = fresh.innerHTML;
            localTimes(fresh);
            if (fresh.innerHTML !== part.innerHTML) part.replaceChildren(...fresh.childNodes);
          }
          // The first row of a list that was empty
          for (const part of empty) {
            const list = page.getElementById(part.dataset.instead);
            if (list) localTimes(list);
            if (list) part.replaceWith(list);
          }
        }
        failures = 0;
      } catch {
        failures = Math.min(failures + 1, 5);
      }
      setTimeout(refresh, period * 2 ** failures);
    };

    localTimes(document);
    setTimeout(refresh, period);
    search().catch(() => {});
    """#
}
