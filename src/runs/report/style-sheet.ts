// How the report looks. Series colours are Okabe and Ito's (2008), made for every kind of colour sight.

export const styleSheet = `
:root{color-scheme:light dark;--page:#f5f6f8;--card:#fff;--ink:#161b26;--soft:#5a6475;--faint:#8b94a5;--line:#e4e7ec;--hair:#eef0f3;--c1:#0068b3;--c2:#d96f00;--c3:#008a68;--c4:#b3548c;--c5:#3aa3dc;--c6:#9aa3b2;--good:#00795b;--goodbg:#e2f4ee;--fair:#8a5a00;--fairbg:#fdf1d8;--bad:#b3261e;--badbg:#fce8e6;--miss:#d96f00;--shadow:0 1px 2px rgba(16,24,40,.05)}
@media (prefers-color-scheme:dark){:root{--page:#0e1116;--card:#171b22;--ink:#e9edf3;--soft:#a3adbd;--faint:#7b8596;--line:#2a303b;--hair:#222832;--c1:#56aef0;--c2:#f0a04b;--c3:#3fc49d;--c4:#e08fbf;--c5:#8fd0f5;--c6:#737d8d;--good:#5fd3ae;--goodbg:#12332a;--fair:#f0bd62;--fairbg:#352a12;--bad:#ff8b80;--badbg:#3a1a18;--miss:#f0a04b;--shadow:none}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--page);color:var(--ink);font:15px/1.55 Inter,-apple-system,"Segoe UI",Roboto,"Helvetica Neue","Noto Sans","Liberation Sans","PingFang SC","Hiragino Sans GB","Microsoft YaHei","Noto Sans CJK SC",sans-serif;font-variant-numeric:tabular-nums}
main{max-width:1120px;margin:0 auto;padding:44px 28px 56px}
header{display:flex;justify-content:space-between;gap:32px;align-items:flex-end;margin-bottom:26px}
h1{font-size:34px;line-height:1.2;letter-spacing:-.02em;margin:8px 0 6px;font-weight:680;overflow-wrap:anywhere}
h2{font-size:16.5px;line-height:1.35;letter-spacing:-.005em;margin:0 0 4px;font-weight:650;overflow-wrap:anywhere}
h3{font-size:12.5px;color:var(--soft);margin:0 0 4px;font-weight:600}
p{margin:0}
.brand{display:flex;align-items:center;gap:6px;color:var(--soft);font-size:13.5px}
.brand span{color:var(--ink);font-weight:650}
.flame{width:17px;height:17px;fill:var(--c2)}
.subtitle{color:var(--soft);max-width:80ch}
.stamp{color:var(--faint);font-size:12.5px;text-align:right;white-space:nowrap}
.card,.hero,.facts{background:var(--card);border:1px solid var(--line);border-radius:14px;box-shadow:var(--shadow)}
.hero{display:grid;grid-template-columns:minmax(230px,1fr) 2fr;gap:44px;padding:30px 34px;align-items:center}
.eyebrow{color:var(--soft);font-size:13px}
.big{font-size:62px;line-height:1.1;letter-spacing:-.035em;font-weight:700;margin:2px 0 10px;color:var(--ink)}
.verdict{display:inline-block;padding:3px 11px;border-radius:99px;font-size:13px;font-weight:600}
.verdict.good{background:var(--goodbg);color:var(--good)}.verdict.fair{background:var(--fairbg);color:var(--fair)}.verdict.bad{background:var(--badbg);color:var(--bad)}
.rivals,.importance{display:grid;gap:13px}
.rivals .note{margin-left:156px;margin-top:-3px}
.rival{display:grid;grid-template-columns:140px 1fr 74px;gap:16px;align-items:center;font-size:14px}
.rival .name{color:var(--soft);overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.rival:first-child .name{color:var(--ink);font-weight:600}
.importance .rival .name,.importance .rival:first-child .name{color:var(--ink);font-weight:400}
.rival .value{text-align:right;font-weight:600}
.rival .track{height:22px;background:var(--hair);border-radius:6px;overflow:hidden}
.importance .track{height:14px;border-radius:4px}
.importance{gap:9px;margin-top:14px}
.rival .bar{display:block;height:100%;border-radius:6px}
.bar.fill1{background:var(--c1)}.bar.fill2{background:var(--c2)}.bar.fill3{background:var(--c3)}.bar.fill6{background:var(--c6)}
.facts{display:grid;grid-template-columns:repeat(4,1fr);margin:16px 0;padding:18px 0}
.facts>div{padding:0 28px;border-left:1px solid var(--line)}.facts>div:first-child{border-left:0;padding-left:34px}
.fact{font-size:23px;line-height:1.35;font-weight:650;letter-spacing:-.015em}
.note{color:var(--soft);font-size:13px;line-height:1.5}
.grid2{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:16px;grid-auto-flow:row dense}
.card{padding:22px 26px 24px;min-width:0}
.card.wide{grid-column:1/-1}.card.tall{grid-row:span 2}
.card>.note{margin-bottom:12px;max-width:78ch}
.card>.note:last-child{margin:10px 0 0}
.scroll{overflow-x:auto;margin:10px -6px 0;padding:0 6px}
table{border-collapse:collapse;width:100%;font-size:13.5px}
th{font-weight:500;text-align:left}
thead th{color:var(--soft);font-size:12.5px;border-bottom:1px solid var(--line);padding:6px 10px 6px 0;vertical-align:bottom}
tbody th,tbody td{padding:7px 10px 7px 0;border-bottom:1px solid var(--hair);vertical-align:middle}
tbody tr:last-child>*{border-bottom:0}
.n{text-align:right;white-space:nowrap}
th.n:last-child,td.n:last-child{padding-right:2px}
.strong{font-weight:650}thead .strong{color:var(--ink)}
.arrow{color:var(--faint);font-size:12px}.figures tbody th{overflow-wrap:anywhere}.scores th:first-child{white-space:nowrap}.scores thead th+th{padding-left:8px}
.quiet{color:var(--soft)}
.sum>*{font-weight:650}
svg{display:block}
.chart{width:100%;height:auto;margin-top:6px;overflow:visible}
.grid{stroke:var(--hair);stroke-width:1}.axis,.tickmark{stroke:var(--line);stroke-width:1}
.tick{fill:var(--soft);font-size:11.5px}.label{fill:var(--soft);font-size:12px}
.line{fill:none;stroke-width:2.2;stroke-linejoin:round;stroke-linecap:round}.line.thin{stroke-width:1.4;opacity:.55}
.chance{stroke:var(--faint);stroke-width:1.2;stroke-dasharray:4 4}
.mark{stroke:var(--faint);stroke-width:1.2;stroke-dasharray:2 3}.marktext{fill:var(--soft);font-size:11.5px}
.stroke1{stroke:var(--c1)}.stroke2{stroke:var(--c2)}.stroke3{stroke:var(--c3)}.stroke4{stroke:var(--c4)}.stroke5{stroke:var(--c5)}.stroke6{stroke:var(--c6)}
svg .fill1{fill:var(--c1)}svg .fill2{fill:var(--c2)}
.swatch.fill1{background:var(--c1)}.swatch.fill2{background:var(--c2)}.swatch.fill3{background:var(--c3)}.swatch.fill4{background:var(--c4)}.swatch.fill5{background:var(--c5)}.swatch.fill6{background:var(--c6)}
.cloud{fill-opacity:.5}.point{stroke:var(--card);stroke-width:1.2}
svg .bar{fill-opacity:.85}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:4px 20px;margin:10px 0 0;padding:0 0 0 52px;font-size:13px;color:var(--soft)}
.legend li{display:flex;align-items:center;gap:7px}.legend b{color:var(--ink);font-weight:600}
.swatch{width:12px;height:12px;border-radius:3px;display:inline-block}
.confusion{width:auto;min-width:62%;border-spacing:3px;border-collapse:separate;margin-left:-3px}
.confusion th,.confusion td{border:0;padding:0}
.confusion thead th{padding:4px 6px;text-align:center;border:0;color:var(--ink);font-size:13px;max-width:120px}
.confusion thead th span,.confusion tbody th span{display:block;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.confusion tbody th{max-width:130px;padding:0 12px 0 3px;font-size:13px;text-align:right}
.confusion tbody td{height:46px;min-width:62px;text-align:center;border-radius:7px;background:var(--hair);font-weight:600}
.confusion td.same{background:color-mix(in srgb,var(--c1) var(--s),var(--hair))}
.confusion td.other{background:color-mix(in srgb,var(--miss) var(--s),var(--hair))}
.confusion td.deep{color:var(--card)}
.confusion .corner{color:var(--faint);font-size:11.5px;text-align:right;padding:0 12px 4px 3px;vertical-align:bottom;line-height:1.35}
.confusion .corner span{white-space:nowrap}
.confusion.dense{border-spacing:2px}.confusion.dense tbody td{height:24px;min-width:24px;font-size:10.5px;border-radius:4px;font-weight:500}
.confusion.dense thead th{font-size:11px;padding:2px;max-width:40px}.confusion.dense tbody th{font-size:11.5px}
.findings{list-style:none;margin:10px 0 0;padding:0;display:grid;gap:9px}
.findings li{display:grid;grid-template-columns:84px 1fr;gap:12px;align-items:baseline;font-size:14px;overflow-wrap:anywhere}
.badge{font-size:12px;font-weight:600;text-align:center;border-radius:99px;padding:1px 10px;background:var(--hair);color:var(--soft)}
.badge.warning{background:var(--fairbg);color:var(--fair)}.badge.error{background:var(--badbg);color:var(--bad)}
.findings summary{cursor:pointer;color:var(--soft);font-size:13px}.findings .files{margin:4px 0 0;padding:0;list-style:none;font-size:13px;color:var(--soft)}.findings .files li{display:block}
.sound+.sound{margin-top:30px}.path{min-width:120px;overflow-wrap:anywhere}.figures .path{padding-left:16px}.said{min-width:72px}
.columns tbody th{max-width:220px;overflow-wrap:anywhere;font-weight:600}
.columns .dist{width:196px;padding-right:26px}.columns .use{color:var(--soft);font-size:13px;max-width:300px;overflow-wrap:anywhere}
.columns thead th:nth-last-child(2),.columns tbody td:nth-last-child(2){padding-right:26px}
.columns tr.excluded th,.columns tr.excluded td{color:var(--faint)}.columns tr.excluded .dist{opacity:.5}
.role{font-weight:600}.role.target{color:var(--c1)}
.pictures{display:flex;flex-wrap:wrap;gap:6px}.pictures img,.sheet img{display:block;width:64px;height:64px;object-fit:contain;image-rendering:pixelated;border-radius:4px;background:var(--hair)}
.strip{font-size:13.5px;font-weight:600;margin:16px 0 6px}.pictures.named{gap:12px 10px}.pictures figure{margin:0;width:84px}.pictures figcaption{font-size:11.5px;line-height:1.35;color:var(--soft);margin-top:4px;overflow-wrap:anywhere}.pictures.named img{width:84px;height:84px}
.pictures figure.pair{width:132px}.pictures .pair img{display:inline-block;width:64px;height:64px;margin-right:2px}
.sheet{border-collapse:separate;border-spacing:4px}.sheet th{border:0;padding:0 8px 0 0;font-size:12.5px;text-align:left}.sheet td{border:0;padding:0}.sheet td:first-of-type{padding-right:10px}.sheet img{width:52px;height:52px}.sheet.maps{width:auto}
.spark{width:170px;height:36px}
.range{display:flex;justify-content:space-between;width:170px;color:var(--faint);font-size:11px;line-height:1.3;gap:8px}
.range span{white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
.tops{display:grid;gap:3px;width:170px}
.top{position:relative;display:flex;justify-content:space-between;font-size:11.5px;line-height:17px;padding:0 6px;border-radius:4px;background:var(--hair);overflow:hidden;gap:8px}
.top .fill{position:absolute;left:0;top:0;bottom:0;background:color-mix(in srgb,var(--c1) 26%,transparent);border-radius:4px}
.top .text,.top .share{position:relative;white-space:nowrap}.top .text{overflow:hidden;text-overflow:ellipsis}.top .share{color:var(--soft)}
.manifest dl{margin:0;display:grid;grid-template-columns:repeat(auto-fill,minmax(300px,1fr));gap:2px 36px}
.manifest dl div{display:flex;justify-content:space-between;gap:14px;padding:4px 0;border-bottom:1px solid var(--hair);font-size:13px;min-width:0}
.manifest dt{color:var(--soft);white-space:nowrap}.manifest dd{margin:0;text-align:right;overflow-wrap:anywhere}
.manifest .nest{margin-top:16px}.manifest .nest .nest{margin-left:16px}
svg .fill3{fill:var(--c3)}svg .fill4{fill:var(--c4)}svg .fill5{fill:var(--c5)}svg .fill6{fill:var(--c6)}
.whisker{stroke-width:2;stroke-linecap:round;opacity:.55}.single{fill:none;stroke-width:.8;opacity:.22}
.chart.board{max-width:820px;min-width:560px}.board .name,.board .value{fill:var(--soft);font-size:13px}.board .chosen .name,.board .chosen .value{fill:var(--ink);font-weight:650}
table.board td:last-child,table.board thead th:last-child{padding-left:14px}table.board .settings{max-width:320px;font-size:12.5px;overflow-wrap:anywhere}table.board tr.chosen th{font-weight:650}table.board tr.foot>*{color:var(--soft);border-top:1px solid var(--line)}
.coefficients{display:grid;gap:9px;margin-top:14px}.coefficients .rival .name{color:var(--ink);font-weight:400}
.track.both{position:relative}.coefficients .rival .track{height:14px;border-radius:4px}.track.both:after{content:"";position:absolute;left:50%;top:0;bottom:0;width:1px;background:var(--line)}
.track.both .bar{position:absolute;top:0;border-radius:3px}
.tree svg{max-width:100%;min-width:720px;height:auto;margin:8px auto 0}
.heat td.same{background:color-mix(in srgb,var(--c1) var(--s),transparent)}.heat td.other{background:color-mix(in srgb,var(--c2) var(--s),transparent)}.heat tbody td{padding-left:10px}
.dependences{display:grid;grid-template-columns:repeat(3,minmax(0,1fr));gap:14px 22px;margin-top:12px}figure{margin:0;min-width:0}figcaption{font-size:13px;font-weight:600;overflow-wrap:anywhere}
@media (max-width:860px){.dependences{grid-template-columns:minmax(0,1fr)}}
.sample{white-space:pre-wrap;overflow-wrap:anywhere;max-width:92ch;margin:2px 0 18px;color:var(--soft)}.sample b{color:var(--ink)}.swatchtext{background:color-mix(in srgb,var(--c2) 26%,transparent);border-radius:3px;padding:0 2px}
.words{overflow-wrap:anywhere;max-width:96ch;line-height:1.75}.words mark{color:inherit;border-radius:3px;padding:1px 2px}.words .for{background:color-mix(in srgb,var(--c2) var(--s),transparent)}.words .against{background:color-mix(in srgb,var(--c1) var(--s),transparent)}
.heads{display:flex;flex-wrap:wrap;gap:10px 34px}.heads figure{max-width:100%}.heads figcaption{color:var(--soft);margin-bottom:4px}.token{fill:var(--soft);font-size:12px}.legend.shades{padding:0}
footer{color:var(--faint);font-size:12.5px;margin-top:26px;text-align:center}
@media (max-width:860px){main{padding:26px 16px}header{flex-direction:column;align-items:flex-start}.stamp{text-align:left}.hero{grid-template-columns:1fr;gap:22px;padding:24px}.grid2{grid-template-columns:minmax(0,1fr)}.facts{grid-template-columns:repeat(2,1fr);row-gap:16px}.facts>div:nth-child(odd){border-left:0;padding-left:24px}.rival{grid-template-columns:96px 1fr 66px;gap:10px}.rivals .note{margin-left:106px}h1{font-size:27px}.big{font-size:50px}}
@media print{:root{color-scheme:light;--page:#fff;--shadow:none}body{font-size:11.5px;-webkit-print-color-adjust:exact;print-color-adjust:exact}main{padding:0;max-width:none}.card,.hero,.facts{break-inside:avoid}.card.wide{break-inside:auto}tr{break-inside:avoid}.scroll{overflow:visible}@page{margin:14mm}}
`.trim()
