"""The style sheet of the preview page, light and dark. Read by preview.py."""

from typing import Final

PAGE_STYLE: Final = """
:root { color-scheme: light dark; --ground: #f4f4f6; --sheet: #fff; --ink: #1d1c1d; --soft: #5e5d60;
  --line: #dddde1; --link: #1264a3; --code: #c01343; --shade: #f6f6f8; --mention: #e8f2fa; --act: #007a5a; }
@media (prefers-color-scheme: dark) { :root { --ground: #121317; --sheet: #1a1d21; --ink: #e8e8ea;
  --soft: #a5a7ab; --line: #3a3d42; --link: #6cb5ea; --code: #f2849e; --shade: #222529; --mention: #1d3a52;
  --act: #12805f; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); overflow-wrap: anywhere;
  font: 15px/1.46 -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
main { max-width: 760px; margin: 0 auto; min-height: 100vh; background: var(--sheet);
  border-inline: 1px solid var(--line); }
h1 { margin: 0; padding: 14px 20px; font-size: 17px; border-bottom: 1px solid var(--line); }
h2 { margin: 10px 0 6px; font-size: 18px; line-height: 1.3; }
.thread { list-style: none; margin: 0; padding: 8px 0 24px; }
.message { display: flex; gap: 10px; padding: 10px 20px; }
.replies { display: flex; align-items: center; gap: 10px; padding: 4px 20px; font-size: 13px;
  color: var(--soft); }
.replies::after { content: ""; flex: 1; border-top: 1px solid var(--line); }
.avatar { flex: 0 0 36px; height: 36px; border-radius: 8px; color: #fff; font-size: 14px; font-weight: 700;
  display: grid; place-items: center; }
.hue0 { background: #8a4fa3; } .hue1 { background: #b3552d; } .hue2 { background: #2f7a4d; }
.hue3 { background: #2a5fb0; } .hue4 { background: #a33a5c; } .hueapp { background: #14344d; }
article { flex: 1; min-width: 0; }
article p, .text { margin: 2px 0 6px; }
article .by { margin: 0 0 2px; }
time { margin-left: 8px; font-size: 12px; color: var(--soft); }
.badge { margin-left: 4px; padding: 1px 4px; border-radius: 3px; font-size: 10px; font-weight: 700;
  letter-spacing: .03em; vertical-align: 1px; background: var(--line); color: var(--soft); }
a { color: var(--link); text-decoration: none; } a:hover { text-decoration: underline; }
hr { border: 0; border-top: 1px solid var(--line); margin: 10px 0; }
blockquote { margin: 4px 0 6px; padding: 1px 0 1px 12px; border-left: 4px solid var(--line); }
code { padding: 1px 4px; border: 1px solid var(--line); border-radius: 3px; background: var(--shade);
  color: var(--code); font: 12.5px/1.4 ui-monospace, Menlo, Consolas, monospace; }
pre { margin: 4px 0 8px; padding: 8px; border: 1px solid var(--line); border-radius: 4px;
  background: var(--shade); font: 12.5px/1.5 ui-monospace, Menlo, Consolas, monospace;
  white-space: pre-wrap; }
article ul, article ol { margin: 2px 0 6px; padding-left: 26px; }
article ul { list-style: disc; } article ul.indent1 { list-style: circle; }
article .indent1 { margin-left: 26px; } article .indent2 { margin-left: 52px; }
.section { display: flex; gap: 12px; justify-content: space-between; align-items: flex-start; }
.section > div { min-width: 0; }
.fields { display: grid; grid-template-columns: 1fr 1fr; gap: 6px 16px; margin: 4px 0 8px; }
.context { display: flex; flex-wrap: wrap; gap: 2px 8px; margin: 4px 0 6px; font-size: 13px;
  color: var(--soft); }
.actions { display: flex; flex-wrap: wrap; gap: 8px; margin: 8px 0; }
.button { display: inline-block; padding: 4px 12px; border: 1px solid var(--soft); border-radius: 6px;
  font-size: 13px; font-weight: 700; white-space: nowrap; }
.primary { background: var(--act); border-color: var(--act); color: #fff; }
.danger { border-color: var(--code); color: var(--code); }
.mention { padding: 0 3px; border-radius: 3px; background: var(--mention); color: var(--link); }
.image, .unknown, .alert { display: inline-block; padding: 6px 10px; border: 1px dashed var(--line);
  border-radius: 6px; color: var(--soft); font-size: 13px; }
figure { margin: 6px 0; } figcaption { font-size: 13px; font-weight: 700; }
.table { overflow-x: auto; margin: 6px 0 8px; }
table { border-collapse: collapse; font-size: 14px; }
th, td { padding: 6px 10px; border: 1px solid var(--line); text-align: left; vertical-align: top;
  overflow-wrap: normal; }
th { background: var(--shade); } .right { text-align: right; } .center { text-align: center; }
td p, th p { margin: 0; }
@media (max-width: 480px) { h1, .message, .replies { padding-inline: 12px; }
  .fields { grid-template-columns: 1fr; } .section { flex-direction: column; gap: 2px; } }
"""
