const LIGHT = `--bg:#ffffff;--card:#f6f8fa;--line:#d0d7de;--text:#1f2328;--muted:#59636e;--link:#0969da;
--red:#cf222e;--red-bg:#ffebe9;--orange:#953800;--orange-bg:#fff1e5;--yellow:#7d4e00;--yellow-bg:#fff8c5;
--blue:#0550ae;--blue-bg:#ddf4ff;--green:#116329;--green-bg:#dafbe1`;

const DARK = `--bg:#0d1117;--card:#151b23;--line:#3d444d;--text:#f0f6fc;--muted:#9198a1;--link:#58a6ff;
--red:#ff938a;--red-bg:#3b1518;--orange:#ffb77c;--orange-bg:#3a2008;--yellow:#f2cc60;--yellow-bg:#332804;
--blue:#a5d6ff;--blue-bg:#0c2d4d;--green:#7ee787;--green-bg:#0f2f1a`;

/** The page's style: the reader's colour scheme, 4.5:1 everywhere, and paper in the end. */
export const PAGE_STYLE = `
:root{${LIGHT}}
@media (prefers-color-scheme:dark){:root{${DARK}}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:78rem;padding:1.5rem;background:var(--bg);color:var(--text);
font:16px/1.5 ui-sans-serif,system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans",Arial,sans-serif}
h1{font-size:1.75rem;margin:0 0 1rem}
h2{font-size:1.35rem;margin:2.5rem 0 .5rem;padding-top:1rem;border-top:1px solid var(--line)}
h3{font-size:1.05rem;margin:1.75rem 0 .5rem}
h4{font-size:.9rem;margin:1rem 0 .25rem;font-weight:600}
p{margin:.25rem 0}
a{color:var(--link)}
main:focus{outline:none}
:focus-visible{outline:3px solid var(--link);outline-offset:2px;border-radius:4px}
code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,"DejaVu Sans Mono","Liberation Mono",monospace;font-size:.875em}
code{background:var(--card);border:1px solid var(--line);border-radius:4px;padding:.05em .3em;overflow-wrap:anywhere;
-webkit-box-decoration-break:clone;box-decoration-break:clone}
pre{margin:.5rem 0;padding:.75rem;background:var(--card);border:1px solid var(--line);border-radius:6px;
white-space:pre-wrap;overflow-wrap:anywhere}
.skip{position:absolute;left:-99rem}
.skip:focus{position:static}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.925rem}
th,td{text-align:left;vertical-align:top;padding:.4rem .6rem;border-bottom:1px solid var(--line)}
thead th{color:var(--muted);font-weight:600;white-space:nowrap}
tbody th{font-weight:400}
td:has(code),tbody th:has(code){min-width:8rem}
header td:nth-child(3){min-width:16rem}
td strong{white-space:nowrap}
.number{text-align:right;font-variant-numeric:tabular-nums}
.headline{font-size:1.1rem}
.verdict,.level{display:inline-block;padding:.05rem .5rem;border-radius:1rem;font-size:.8rem;font-weight:600;white-space:nowrap;
vertical-align:middle;border:1px solid currentColor}
.failed,.dangerous{color:var(--red);background:var(--red-bg)}
.careful{color:var(--yellow);background:var(--yellow-bg)}
.harmless{color:var(--blue);background:var(--blue-bg)}
.nothing{color:var(--green);background:var(--green-bg)}
.stories{list-style:none;margin:0;padding:0;display:grid;gap:.6rem}
.story{--tone:var(--blue);--tone-bg:var(--blue-bg);padding:.6rem .9rem;background:var(--card);border:1px solid var(--line);
border-left:5px solid var(--tone);border-radius:6px}
.story.data,.story.outage{--tone:var(--red);--tone-bg:var(--red-bg)}
.story.checks{--tone:var(--orange);--tone-bg:var(--orange-bg)}
.story.restart,.story.left-behind{--tone:var(--yellow);--tone-bg:var(--yellow-bg)}
.story.added{--tone:var(--green);--tone-bg:var(--green-bg)}
header .story{margin-bottom:1rem}
.level{color:var(--tone);background:var(--tone-bg)}
.story code{background:var(--bg)}
.who{font-weight:600}
.cost,.cause{color:var(--muted)}
.cause{padding-left:1rem}
.message pre{border-left:5px solid var(--red)}
.message.warning pre{border-left-color:var(--yellow)}
figure{margin:0}
figure svg{display:block;min-width:46rem;max-width:100%;height:auto}
details{margin-top:1.5rem;border:1px solid var(--line);border-radius:6px;padding:.5rem 1rem}
summary{cursor:pointer;font-weight:600;padding:.25rem 0}
del,ins{text-decoration:none;display:inline}
del{color:var(--red)}
ins{color:var(--green)}
@media (max-width:40rem){body{padding:1rem}h1{font-size:1.4rem}header td:nth-child(3){min-width:10rem}}
@media print{:root{${LIGHT}}html{font-size:9pt}body{max-width:none;padding:0;font-size:1rem}.skip{display:none}
summary{list-style:none}details::details-content{content-visibility:visible;block-size:auto}.scroll{overflow:visible}
figure svg{min-width:0}.story,.resource,figure,tr{break-inside:avoid}h2,h3,h4{break-after:avoid}
summary{break-after:avoid}}
`.trim();
