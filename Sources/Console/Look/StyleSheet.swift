/// The style sheet of the console: tokens, the frame, then the components.
enum StyleSheet {
  /// The text.
  static let text = #"""
    :root {
      color-scheme: light dark;
      --paper: #fbfbf9; --panel: #fff; --sunken: #f3f3ef; --line: #e2e1db; --edge: #84817a;
      --ink: #1b1a18; --soft: #5c5a54; --faint: #716e68;
      --accent: #1d5ca8; --on-accent: #fff;
      --good: #17693f; --good-bg: #e3f2e9; --warn: #835000; --warn-bg: #fbeed6;
      --bad: #a3211b; --bad-bg: #fae5e3; --calm: #4b4842; --calm-bg: #ebeae5;
      --mono: ui-monospace, "SF Mono", "Cascadia Mono", "DejaVu Sans Mono", monospace;
      --sans: system-ui, -apple-system, "Segoe UI", "Helvetica Neue", "DejaVu Sans", sans-serif;
      --s1: .25rem; --s2: .5rem; --s3: .75rem; --s4: 1rem; --s5: 1.5rem; --s6: 2.5rem; --round: 6px;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --paper: #151513; --panel: #1c1c1a; --sunken: #222220; --line: #34332f; --edge: #807d75;
        --ink: #ecebe6; --soft: #b3b0a7; --faint: #9b988f;
        --accent: #8cb9f1; --on-accent: #0e2038;
        --good: #82d3a6; --good-bg: #1a3325; --warn: #f1bf6d; --warn-bg: #392b12;
        --bad: #f4a19b; --bad-bg: #3f1f1d; --calm: #cbc8bf; --calm-bg: #2c2b27;
      }
    }
    * { box-sizing: border-box; }
    body {
      margin: 0; min-height: 100vh; background: var(--paper); color: var(--ink);
      font: 400 .9375rem/1.5 var(--sans); font-variant-numeric: tabular-nums;
    }
    body.framed { display: grid; grid-template: auto 1fr / 12.5rem minmax(0, 1fr); }
    a { color: var(--accent); text-decoration-thickness: 1px; text-underline-offset: 2px; }
    :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 3px; }
    main:focus { outline: 0; }
    .skip { position: absolute; left: -99rem; }
    .skip:focus {
      left: var(--s4); top: var(--s4); z-index: 1; padding: var(--s2) var(--s4);
      background: var(--panel);
    }
    h1 { margin: 0; font-size: 1.375rem; line-height: 1.25; font-weight: 650; letter-spacing: -.01em; }
    h1, h2, td, dd, p { overflow-wrap: break-word; }
    bdi, .id { overflow-wrap: anywhere; }
    /* A column is as wide as its longest word; the table scrolls if that is too wide */
    td bdi, td .id { overflow-wrap: break-word; }
    .outside { color: var(--soft); font-size: .8125rem; white-space: nowrap; }
    .place small, .place .id { display: block; }
    h2 { margin: var(--s6) 0 var(--s3); font-size: 1rem; font-weight: 650; }
    h3 { margin: var(--s5) 0 var(--s2); font-size: .9375rem; font-weight: 600; }
    .sign { margin-top: var(--s6); border-top: 1px solid var(--ink); max-width: 20rem; }
    p { margin: 0 0 var(--s3); max-width: 70ch; }
    small, .soft { color: var(--soft); }
    small { font-size: .8125rem; }
    code, .id { font-family: var(--mono); font-size: .84em; }
    .num { text-align: right; }
    .quiet {
      position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
      white-space: nowrap;
    }

    /* The frame */
    .bar {
      grid-column: 1 / -1; display: flex; gap: var(--s4); align-items: center;
      padding: var(--s2) var(--s5); border-bottom: 1px solid var(--line); background: var(--panel);
    }
    .mark { color: inherit; font-weight: 700; letter-spacing: -.01em; text-decoration: none; }
    .search { margin-left: auto; }
    .search input { width: 22rem; }
    .who { color: var(--soft); font-size: .875rem; }
    .side { padding: var(--s4) var(--s3); border-right: 1px solid var(--line); }
    .side a {
      display: flex; justify-content: space-between; padding: .375rem var(--s3);
      border-radius: var(--round); color: inherit; text-decoration: none;
    }
    .side a:hover { background: var(--sunken); }
    .side a[aria-current] { background: var(--calm-bg); font-weight: 600; }
    .count { position: relative; padding: 0 .4375rem; border-radius: 99px; background: var(--bad-bg); color: var(--bad); font-size: .8125rem; font-weight: 650; }
    .side hr { margin: var(--s3); border: 0; border-top: 1px solid var(--line); }
    main { width: 100%; max-width: 80rem; padding: var(--s5) var(--s6) var(--s6); }
    .plain main { max-width: 30rem; margin: 8vh auto 0; }
    .plain .search, .plain .who { display: none; }
    .head {
      display: flex; flex-wrap: wrap; gap: var(--s2) var(--s4); align-items: center;
      margin-bottom: var(--s4);
    }
    .acts { margin-left: auto; display: flex; flex-wrap: wrap; gap: var(--s2); }

    /* Forms */
    button, .button, input, select, textarea {
      min-height: 2.125rem; padding: .3125rem var(--s3); border: 1px solid var(--line);
      border-radius: var(--round); background: var(--panel); color: inherit; font: inherit;
    }
    input, select, textarea { border-color: var(--edge); max-width: 100%; }
    input:not([type=checkbox], [type=radio]), select { height: 2.1875rem; }
    td details { margin: 0; }
    .ids { display: grid; gap: var(--s1); }
    textarea { width: 100%; font-family: var(--mono); font-size: .84rem; }
    input[type=checkbox] { min-height: auto; width: 1.125rem; height: 1.125rem; margin: .1875rem; }
    button, .button {
      display: inline-block; cursor: pointer; text-decoration: none; white-space: nowrap;
    }
    button:hover, .button:hover { background: var(--sunken); }
    .first { border-color: var(--accent); background: var(--accent); color: var(--on-accent); font-weight: 600; }
    .first:hover { background: var(--accent); filter: brightness(1.08); }
    .danger { border-color: var(--bad); color: var(--bad); }
    .flat { border-color: transparent; background: none; color: var(--soft); }
    .copy {
      min-height: 0; margin-left: var(--s2); padding: 0 var(--s2); border-color: transparent;
      background: none; color: var(--soft); font-size: .75rem;
    }
    .idbox { white-space: nowrap; }
    .idbox .id { white-space: normal; }
    html:not(.scripted) .copy { display: none; }
    .filters { display: flex; flex-wrap: wrap; gap: var(--s2); align-items: end; margin-bottom: var(--s4); }
    .filters label, .fields label { display: grid; gap: var(--s1); font-size: .8125rem; color: var(--soft); }
    .filters label { min-width: 0; max-width: 100%; grid-template-columns: minmax(0, 1fr); }
    .fields { display: grid; gap: var(--s4); max-width: 34rem; }
    .fields input, .fields select { width: 100%; color: var(--ink); font-size: .9375rem; }
    .fields .check { display: flex; align-items: center; }
    .fields .check input { width: 1.125rem; }
    .filters input, .filters select { color: var(--ink); font-size: .9375rem; }
    .filters input { width: 11rem; }
    .filters select { max-width: 14rem; }
    .inline { display: inline; }
    .deeds { display: flex; flex-wrap: wrap; gap: var(--s3); align-items: center; padding: var(--s3) 0; }
    .deeds label, .fields .check { display: flex; gap: var(--s2); align-items: center; }
    .start { margin: var(--s5) 0 0; }
    fieldset { margin: 0; padding: var(--s3) var(--s4); border: 1px solid var(--line); border-radius: var(--round); display: grid; gap: var(--s3); }
    legend { padding: 0 var(--s2); font-weight: 600; }
    .fields input[type=radio] { width: 1.125rem; min-height: auto; }
    .progress { display: flex; flex-wrap: wrap; gap: var(--s2) var(--s5); margin: 0 0 var(--s5); padding: 0; list-style-position: inside; color: var(--soft); }
    .progress [aria-current] { color: var(--ink); font-weight: 600; }

    /* Tables */
    .table { position: relative; overflow-x: auto; border: 1px solid var(--line); border-radius: var(--round); background: var(--panel); }
    table { width: 100%; border-collapse: collapse; }
    th {
      padding: var(--s2) var(--s3); border-bottom: 1px solid var(--line); text-align: left;
      color: var(--soft); font-size: .8125rem; font-weight: 600; white-space: nowrap;
    }
    td { padding: .5625rem var(--s3); border-bottom: 1px solid var(--line); vertical-align: top; }
    tr:last-child td { border-bottom: 0; }
    tbody tr:hover { background: var(--sunken); }
    td time, .num { white-space: nowrap; }
    .why { display: block; }
    .next { display: block; color: var(--soft); font-size: .84375rem; }
    .tag {
      display: inline-block; padding: .0625rem .5rem; border-radius: 99px; background: var(--calm-bg);
      color: var(--calm); font-size: .8125rem; font-weight: 600; white-space: nowrap;
    }
    .tag.good { background: var(--good-bg); color: var(--good); }
    .tag.warn { background: var(--warn-bg); color: var(--warn); }
    .tag.bad { background: var(--bad-bg); color: var(--bad); }
    .pager { display: flex; gap: var(--s3); align-items: center; margin-top: var(--s4); }
    .empty { padding: var(--s6); text-align: center; color: var(--soft); }
    .empty p { margin-inline: auto; }

    /* Details */
    .two { display: grid; grid-template-columns: minmax(0, 2fr) minmax(0, 1fr); gap: var(--s6); }
    .two h2:first-child { margin-top: 0; }
    .facts { display: grid; grid-template-columns: fit-content(45%) minmax(0, 1fr); gap: var(--s2) var(--s5); margin: 0; }
    .facts dt { color: var(--soft); overflow-wrap: anywhere; }
    .facts dd { margin: 0; }
    .facts + p { margin-top: var(--s3); }
    .facts + .sign { margin-top: var(--s6); }
    .steps { margin: 0; padding: 0; list-style: none; }
    .steps > li { position: relative; padding: 0 0 var(--s4) 1.75rem; }
    .steps > li::before {
      content: ""; position: absolute; left: .3125rem; top: .4375rem; width: .625rem; height: .625rem;
      border-radius: 99px; background: var(--good);
    }
    .steps > li::after {
      content: ""; position: absolute; left: .5938rem; top: 1.25rem; bottom: -.25rem; width: 1px;
      background: var(--line);
    }
    .steps > li:last-child::after { display: none; }
    .steps > li.bad::before { background: var(--bad); }
    .steps > li.warn::before { background: var(--warn); }
    .steps > li.wait::before { background: none; border: 2px solid var(--faint); }
    .steps time { float: right; color: var(--faint); font: .8125rem var(--mono); }
    details { margin: var(--s2) 0; border: 1px solid var(--line); border-radius: var(--round); background: var(--panel); }
    summary { padding: var(--s2) var(--s3); cursor: pointer; overflow-wrap: anywhere; }
    details > :not(summary, pre) { margin: 0 var(--s3) var(--s3); }
    pre {
      margin: 0; padding: var(--s3); overflow-x: auto; border-top: 1px solid var(--line);
      background: var(--sunken); font: .8125rem/1.55 var(--mono);
    }
    .note {
      margin-bottom: var(--s4); padding: var(--s3) var(--s4); border-left: 3px solid var(--warn);
      border-radius: 0 var(--round) var(--round) 0; background: var(--warn-bg);
    }
    .note p:last-child { margin: 0; }
    .note.bad { border-color: var(--bad); background: var(--bad-bg); }
    .note.good { border-color: var(--good); background: var(--good-bg); }
    .kpis {
      display: grid; grid-template-columns: repeat(auto-fit, minmax(10rem, 1fr)); gap: 1px;
      overflow: hidden; margin-bottom: var(--s5); border: 1px solid var(--line);
      border-radius: var(--round); background: var(--line);
    }
    .kpis div { padding: var(--s3) var(--s4); background: var(--panel); }
    .kpis strong { display: block; font-size: 1.375rem; font-weight: 650; letter-spacing: -.01em; }
    .kpis span { color: var(--soft); font-size: .84375rem; }
    .flow { max-width: 100%; height: auto; margin: var(--s2) 0 var(--s5); }
    .flow rect { fill: var(--panel); stroke: var(--edge); }
    .flow .on rect { fill: var(--good-bg); stroke: var(--good); }
    .flow .bad rect { fill: var(--bad-bg); stroke: var(--bad); }
    .flow .now rect { fill: var(--warn-bg); stroke: var(--warn); }
    .flow path { fill: none; stroke: var(--edge); }
    .flow text { fill: var(--ink); font: 13px var(--sans); }
    .flow .small { fill: var(--soft); font-size: 11px; }
    .chart rect { fill: var(--accent); }
    .chart rect.bad { fill: var(--bad); }

    @media (max-width: 46rem) {
      body.framed { grid-template: auto auto 1fr / minmax(0, 1fr); }
      .bar { flex-wrap: wrap; padding: var(--s2) var(--s4); }
      .search { order: 3; width: 100%; margin: 0; }
      .search input { width: 100%; }
      .who { margin-left: auto; }
      .side { display: flex; overflow-x: auto; padding: var(--s2) var(--s3); border: 0; border-bottom: 1px solid var(--line); }
      .side hr { display: none; }
      main { padding: var(--s4); }
      .two { grid-template-columns: minmax(0, 1fr); gap: 0; }
      .steps time { float: none; display: block; }
      /* A row is a card: nothing that a person must see is off to the side */
      .cards, .cards tbody, .cards td { display: block; }
      .cards thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
      .cards tr { display: block; padding: var(--s2) var(--s3); border-bottom: 1px solid var(--line); }
      .cards tr:last-child { border: 0; }
      .cards td { padding: .125rem 0; border: 0; }
      .cards .num { text-align: left; }
    }
    @media print {
      .side, .bar, .acts, .filters, .pager, .copy { display: none; }
      body.framed { display: block; }
      main { max-width: none; padding: 0; }
      tr { break-inside: avoid; }
      .table { overflow: visible; }
    }
    @media (prefers-reduced-motion: no-preference) { .fresh { animation: fresh 1.5s; } }
    @keyframes fresh { from { background: var(--warn-bg); } }
    """#
}
