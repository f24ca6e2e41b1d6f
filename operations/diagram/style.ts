/** Colours of the lanes, by scheme; as far from each other as nine can be, with 3:1 against the background. */
const LANES = {
  light: ['#2563eb', '#c2410c', '#047857', '#9333ea', '#b91c1c', '#0e7490', '#a16207', '#4d7c0f', '#be185d'],
  dark: ['#60a5fa', '#fb923c', '#34d399', '#c084fc', '#fb7185', '#22d3ee', '#facc15', '#a3e635', '#f9a8d4'],
} as const;

/** How many colours lanes have; further lanes begin anew. */
export const LANE_COLOURS = LANES.light.length;

const LIGHT = `--bg:#ffffff;--card:#f6f8fa;--row:#ffffff;--line:#d0d7de;--text:#1f2328;--muted:#59636e;--wire:#8c959f;
--added:#1a7f37;--changed:#9a6700;--restarted:#bc4c00;--replaced:#cf222e;--deleted:#cf222e;--data:#ddf4ff;
${lanes('light')}`;

const DARK = `--bg:#0d1117;--card:#151b23;--row:#0d1117;--line:#3d444d;--text:#f0f6fc;--muted:#9198a1;--wire:#656c76;
--added:#3fb950;--changed:#d29922;--restarted:#f0883e;--replaced:#f85149;--deleted:#f85149;--data:#121d2f;
${lanes('dark')}`;

/** Everything is below the class, so that a page may hold the picture beside a style of its own. */
export const STYLE = `
.topology{${LIGHT}font-family:ui-sans-serif,system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans",Arial,sans-serif}
@media (prefers-color-scheme:dark){.topology{${DARK}}}
@media print{.topology{${LIGHT}}}
.topology .bg{fill:var(--bg)}
.topology .namespace{fill:var(--card);stroke:var(--line)}
.topology .row{fill:var(--row);stroke:var(--line)}
.topology .data{fill:var(--data);stroke:var(--line)}
.topology text{fill:var(--text);font-size:13px}
.topology text.h1{font-size:20px;font-weight:600}
.topology text.h2{font-size:14px;font-weight:600}
.topology text.muted,.topology tspan.muted{fill:var(--muted);font-size:12px}
.topology text.port{font-family:ui-monospace,SFMono-Regular,Menlo,"DejaVu Sans Mono",monospace;font-size:11px;fill:var(--muted)}
.topology .wire{fill:none;stroke:var(--wire);stroke-width:1.2}
.topology .tip{fill:var(--wire)}
.topology .lane{fill:none;stroke-width:2}
.topology .node{stroke:var(--row);stroke-width:1.5}
.topology .member{fill:var(--row);stroke:var(--line)}
.topology .mark{fill:none;stroke-width:2.5}
.topology text.badge{font-size:11px;font-weight:700;fill:var(--bg)}
${['added', 'changed', 'restarted', 'replaced', 'deleted'].map(markStyle).join('\n')}
${LANES.light.map((_, index) => `.topology .l${index}{stroke:var(--l${index})}.topology .d${index}{fill:var(--l${index})}`).join('\n')}
`.trim();

function markStyle(mark: string): string {
  return `.topology .mark.${mark}{stroke:var(--${mark})}.topology .sign.${mark}{fill:var(--${mark})}`;
}

function lanes(scheme: keyof typeof LANES): string {
  return LANES[scheme].map((colour, index) => `--l${index}:${colour};`).join('');
}
