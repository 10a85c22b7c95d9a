// Turns the pivot: draws the table for the sides and the figure that are chosen. Without it the first table stays.
(function () {
  "use strict";
  document.querySelectorAll("[data-pivot]").forEach(function (form) {
    const told = JSON.parse(form.querySelector("script[type='application/json']").textContent);
    const order = told.dimensions.map((each) => each.name);
    const of = (name) => told.dimensions.find((each) => each.name === name);
    const picks = ["rows", "columns", "layers"].map((side) => form.querySelector(`[name=${side}]`));
    const [rows, columns, layers] = picks;
    const measure = form.querySelector("[name=measure]");
    const shares = form.querySelector("[name=shares]");
    const stage = form.querySelector(".turned");
    form.querySelector(".sides").hidden = false;

    function cell(at, number) {
      const key = order.filter((name) => name in at).map((name) => `${name}=${at[name]}`).join("|");
      const found = told.cells[key];
      return found ? found[number] : [told.empty, told.empty === "0" ? 0 : null];
    }
    function add(into, kind, text, className) {
      const made = document.createElement(kind);
      made.textContent = text;
      if (className) made.className = className;
      if (kind === "th") made.scope = into.parentNode && into.parentNode.tagName === "THEAD" ? "col" : "row";
      into.appendChild(made);
      return made;
    }
    function share(part, whole) {
      if (part[1] === null || !whole[1]) return "–";
      const percent = Math.round((100 * part[1]) / whole[1]);
      return told.language === "en" ? `${percent}%` : `${percent}\u00a0%`;
    }
    function table(fixed, title) {
      const number = measure ? told.measures.indexOf(measure.value) : 0;
      const asShares = shares && shares.checked && columns.value;
      const row = of(rows.value), column = columns.value ? of(columns.value) : null;
      const made = document.createElement("table");
      made.className = "cards";
      add(made, "caption", title || `${row.label}${column ? ` × ${column.label}` : ""}`, title ? "" : "vh");
      const head = made.createTHead().insertRow();
      add(head, "th", row.label);
      const across = column ? column.levels : [];
      const unit = asShares ? "%" : told.units[number];
      across.forEach(([, label]) => add(add(head, "th", label, "n"), "small", unit));
      add(add(head, "th", told.all, "n"), "small", unit);
      const body = made.createTBody();
      function line(at, label, into) {
        const made = into.insertRow();
        add(made, "th", label);
        const whole = cell(at, number);
        across.forEach(([level, name]) => {
          const found = cell({ ...at, [column.name]: level }, number);
          add(made, "td", asShares ? share(found, whole) : found[0], "n").dataset.head = name;
        });
        add(made, "td", asShares ? share(whole, whole) : whole[0], "n").dataset.head = told.all;
      }
      row.levels.forEach(([level, label]) => line({ ...fixed, [row.name]: level }, label, body));
      line(fixed, told.all, made.createTFoot());
      const around = document.createElement("div");
      around.className = "scroll";
      around.tabIndex = 0;
      around.appendChild(made);
      return around;
    }
    function draw() {
      // A side is chosen once: what another side took is given up.
      picks.forEach((pick, place) => {
        const taken = picks.slice(0, place).map((other) => other.value).filter(Boolean);
        Array.from(pick.options).forEach((option) => { option.disabled = taken.includes(option.value); });
        if (taken.includes(pick.value)) pick.value = "";
      });
      if (shares) shares.disabled = !columns.value;
      stage.replaceChildren();
      if (!layers.value) { stage.appendChild(table({}, "")); return; }
      const layer = of(layers.value);
      layer.levels.forEach(([level, label]) => stage.appendChild(table({ [layer.name]: level }, `${layer.label}: ${label}`)));
    }
    form.addEventListener("change", draw);
    form.addEventListener("submit", (event) => event.preventDefault());
    draw();
  });
})();
