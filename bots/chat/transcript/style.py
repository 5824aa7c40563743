"""The style of the page, and its seats' colours on light and dark ground."""

from __future__ import annotations

from collections.abc import Sequence

from bots.chat.transcript.colour import DARK, LIGHT, legible
from engine.debate.events import Seat

_PAGE = """
:root{color-scheme:light dark;--ground:#fbfaf7;--sheet:#fff;--ink:#1f1d1a;--soft:#625d55;
--line:#e4dfd5;--wash:#f3f0e9;--c:#808080;
--serif:Charter,"Iowan Old Style","Palatino Linotype",Palatino,"Book Antiqua",Georgia,serif;
--sans:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;scroll-behavior:smooth;scroll-padding-top:1rem}
body{margin:0;background:var(--ground);color:var(--ink);font:1.0625rem/1.62 var(--serif);
overflow-wrap:anywhere;text-wrap:pretty}
.above{display:flex;flex-wrap:wrap;gap:.25rem 1.1rem;padding:.8rem 1.125rem;
border-bottom:1px solid var(--line);background:var(--sheet);font:.9375rem/1.5 var(--sans)}
.above a{color:var(--soft)}
.above a:first-child{margin-right:auto;color:var(--ink);font-weight:600;text-decoration:none}
.page{max-width:42rem;margin:0 auto;padding:2rem 1.125rem 3rem}
h1,h2,h3,p,figure,dl,ul,blockquote{margin:0}
h1{font-size:clamp(1.55rem,1.1rem + 2.2vw,2.35rem);line-height:1.2;font-weight:600;
letter-spacing:-.012em;text-wrap:balance}
h1.long{font-size:1.15rem;font-weight:500;line-height:1.5;letter-spacing:0;text-wrap:wrap}
h2{font:600 .8125rem/1.4 var(--sans);letter-spacing:.075em;text-transform:uppercase;
color:var(--soft)}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
a{color:inherit}
.facts{display:flex;flex-wrap:wrap;gap:.2rem 1.1rem;margin:.9rem 0 0;padding:0;list-style:none;
font:.9375rem/1.5 var(--sans);color:var(--soft)}
.picture{margin:1.75rem 0 2.25rem;padding:1rem .25rem .75rem;background:var(--sheet);
border:1px solid var(--line);border-radius:1rem;text-align:center}
.picture svg{display:block;width:100%;max-width:30rem;max-height:92vh;margin:.25rem auto 0}
.picture figcaption{padding:0 1rem;font:.9375rem/1.45 var(--sans);color:var(--soft)}
svg text{font-family:var(--sans);text-anchor:middle;fill:var(--ink)}
svg .name,svg .note{paint-order:stroke;stroke:var(--sheet);stroke-width:4;stroke-linejoin:round}
svg .name{font-size:12px;font-weight:600}
svg .note{font-size:11.5px;fill:var(--soft)}
svg .emoji{font-size:20px}
svg .count{font-size:32px;font-weight:300;fill:var(--soft)}
svg .disc{fill:var(--c);fill-opacity:.2;stroke:var(--c);stroke-width:2}
svg .halo{fill:none;stroke:var(--c);stroke-width:1.25;stroke-dasharray:2.5 2.5}
svg .line{fill:none;stroke:var(--c);stroke-width:2;stroke-linecap:round}
svg .head{fill:var(--c)}
svg .numbers rect{fill:var(--sheet);stroke:var(--c);stroke-width:1.25}
svg .numbers text{font-size:11px;font-weight:600}
svg a{text-decoration:none}
svg a:hover,svg a:focus{text-decoration:underline}
.turn{position:relative;margin-top:2.25rem;padding-left:3.5rem;scroll-margin-top:1rem}
.turn .face{position:absolute;left:0;top:-.1rem;display:grid;place-items:center;width:2.6rem;
height:2.6rem;border-radius:50%;border:2px solid var(--c);overflow:hidden;
background:color-mix(in srgb,var(--c) 20%,transparent);font-size:1.3rem;line-height:1}
.turn::before{content:"";position:absolute;left:1.25rem;top:3rem;bottom:-1.75rem;width:2px;
background:var(--line)}
.turn h3{position:relative;padding-right:2.25rem;display:flex;flex-wrap:wrap;
align-items:baseline;gap:.1rem .6rem;font:650 1.0625rem/1.4 var(--sans)}
.turn h3 .self{position:absolute;right:0;top:0;padding:0 .35rem;font-weight:500;
font-size:.9375rem;color:var(--soft);text-decoration:none}
.turn h3 .self:hover,.turn h3 .self:focus{text-decoration:underline}
.turn:target .face{outline:3px solid var(--c);outline-offset:2px}
.mark{font:500 .875rem/1.4 var(--sans);color:var(--soft)}
.said{margin-top:.3rem}
.said p+p,.said p+pre,.said pre+p{margin-top:.75rem}
.said p{white-space:pre-line}
.said ul{margin-top:.35rem;padding-left:1.15rem}
.said ul+p{margin-top:.75rem}
pre{margin:0;padding:.75rem;overflow-x:auto;border-radius:.5rem;background:var(--wash);
font-size:.9375rem;line-height:1.5}
code{font-family:ui-monospace,"SF Mono",Menlo,Consolas,monospace;font-size:.9em}
.question{margin-top:.9rem;padding:.7rem .95rem .75rem;border-radius:.25rem .9rem .9rem .9rem;
border-left:3px solid var(--c);background:color-mix(in srgb,var(--c) 9%,transparent)}
.question b{display:block;font:600 .9375rem/1.5 var(--sans)}
.question p{font-style:italic}
.turn:has(+.close)::before,.turn:has(+.plain)::before,.turn:last-child::before{display:none}
.side{margin-left:1.5rem}
.votes,.small,.gone{font:.9375rem/1.5 var(--sans);color:var(--soft)}
.votes{margin-top:.6rem;font-variant-numeric:tabular-nums}
.gone{margin-top:.3rem;font-style:italic}
.small{position:relative;margin-top:1.75rem;padding-left:3.5rem}
.small bdi{color:var(--ink)}
.after{margin-top:3rem}
.message,.summary{position:relative;margin:2rem 0 0 3.5rem;padding:.8rem 1rem .9rem;
border:1px dashed var(--soft);border-radius:.9rem;background:var(--sheet)}
.message h3{display:flex;flex-wrap:wrap;gap:.1rem .6rem;align-items:baseline;
font:650 1rem/1.45 var(--sans)}
.summary{border-style:solid;border-color:var(--line);padding:.6rem 1rem}
.summary summary{font:500 .9375rem/1.5 var(--sans);color:var(--soft);cursor:pointer}
.sofar{position:relative;margin:2rem 0 0 3.5rem;padding:.9rem 1.1rem 1rem;
border:1px solid var(--line);border-left:3px solid var(--c);border-radius:.25rem .9rem .9rem .25rem;
background:var(--sheet)}
.sofar h3{font:650 1rem/1.45 var(--sans)}
.sofar h4{margin:.9rem 0 0;font:600 .9375rem/1.4 var(--sans)}
.sofar ul{margin-top:.25rem;padding-left:1.15rem}
.close{margin-top:3rem;padding:1.4rem 1.25rem 1.5rem;border:1px solid var(--line);
border-top:3px solid var(--c);border-radius:.5rem .5rem 1rem 1rem;background:var(--sheet)}
.close h3{margin-top:1.25rem;font:650 1rem/1.4 var(--sans)}
.close ul{margin-top:.35rem;padding-left:1.15rem}
.close li+li{margin-top:.35rem}
.figures{margin-top:3rem;padding-top:1.25rem;border-top:1px solid var(--line)}
.figures dl{display:grid;grid-template-columns:repeat(auto-fill,minmax(8.5rem,1fr));gap:1rem;
margin-top:.8rem;font:.9375rem/1.45 var(--sans)}
.figures .wide{grid-column:1/-1}
.figures dt{color:var(--soft)}
.figures dd{margin:0;font-weight:600;font-variant-numeric:tabular-nums}
.plain{margin-top:2rem;color:var(--soft);font-style:italic}
@media (min-width:70rem){
.page{max-width:74rem;padding:3.5rem 2rem 4rem;display:grid;
grid-template-columns:25rem minmax(0,42rem);column-gap:4rem;justify-content:center}
.top{grid-column:1/-1;max-width:60rem}
main{grid-column:2;grid-row:2;padding-top:.25rem}
.beside{grid-column:1;grid-row:2}
.picture{position:sticky;top:1.5rem;margin:2.25rem 0 0}
.picture svg{max-height:calc(100vh - 9rem)}
.foot{grid-column:2}
}
@media screen and (prefers-color-scheme:dark){
:root{--ground:#15171b;--sheet:#1c1f24;--ink:#e9e6e0;--soft:#a8a399;--line:#33363c;--wash:#24272d}
}
@media (max-width:30rem){
.turn{padding-left:0}
.turn h3{min-height:2.6rem;padding-left:3.3rem;align-items:center;align-content:center}
.turn h3 .self{top:.55rem}
.turn::before{display:none}
.said{margin-top:.5rem}
.message,.summary,.sofar{margin-left:0}
.small{padding-left:0}
.side{margin-left:1rem}
}
@media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
@media print{
.above{display:none}
:root{color-scheme:light;--ground:#fff;--sheet:#fff;--ink:#000;--soft:#444;--line:#bbb;--wash:#eee}
body{font-size:10.5pt;line-height:1.45;-webkit-print-color-adjust:exact;print-color-adjust:exact}
.page{display:block;max-width:none;padding:0}
.picture{position:static;break-inside:avoid}
.picture svg{max-width:11cm;max-height:14cm}
.turn,.message,.small,.sofar{margin-top:1.4rem}
.question,.message,.figures{break-inside:avoid}
h3{break-after:avoid}
p{orphans:3;widows:3}
.turn h3 .self{text-decoration:none}
}
"""


def style(seats: Sequence[Seat]) -> str:
    """The whole style sheet. Every seat's colour is made to stand out from its ground."""
    light = _colours(seats, LIGHT)
    dark = f"@media screen and (prefers-color-scheme:dark){{\n{_colours(seats, DARK)}\n}}"
    return f"{_PAGE}{light}\n{dark}\n"


def _colours(seats: Sequence[Seat], ground: str) -> str:
    return "\n".join(
        f".seat-{place}{{--c:{legible(seat.colour, ground)}}}" for place, seat in enumerate(seats)
    )
