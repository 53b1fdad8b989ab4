"""Makes OFD files: a zip of XML with text objects, lines, templates and annotations, lengths in millimetres."""

import io
import zipfile
from xml.sax.saxutils import escape

NAMESPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'
OFD = (
    f'<?xml version="1.0" encoding="UTF-8"?><ofd:OFD {NAMESPACE} Version="1.1" DocType="OFD"><ofd:DocBody><ofd:DocInfo>'
    "<ofd:Title>{title}</ofd:Title></ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"
)


def text(words, x, y, size=5.0, *, step=None, attributes="", color=None):
    """A line of text with its baseline at (x, y); `step` is written as a run of equal steps."""
    delta = f"g {len(words) - 1} {step or size}"
    fill = f'<ofd:FillColor Value="{color}"/>' if color else ""
    return (
        f'<ofd:TextObject ID="1" Boundary="{x} {y - size} 300 {2 * size}" Size="{size}" Font="1" {attributes}>{fill}'
        f'<ofd:TextCode X="0" Y="{size}" DeltaX="{delta}">{escape(words)}</ofd:TextCode></ofd:TextObject>'
    )


def down(words, x, y, size=5.0):
    """A vertical line of upright characters."""
    return (
        f'<ofd:TextObject ID="1" Boundary="{x} {y - size} {size} 250" Size="{size}" Font="1"><ofd:TextCode X="0" Y="{size}" '
        f'DeltaY="g {len(words) - 1} {size * 1.2}">{escape(words)}</ofd:TextCode></ofd:TextObject>'
    )


def rule(x0, y0, x1, y1):
    return (
        f'<ofd:PathObject ID="2" Boundary="{x0} {y0} {max(x1 - x0, 0.1)} {max(y1 - y0, 0.1)}" LineWidth="0.2">'
        f"<ofd:AbbreviatedData>M 0 0 L {x1 - x0} {y1 - y0}</ofd:AbbreviatedData></ofd:PathObject>"
    )


SHAPE = '<ofd:PathObject ID="3" Boundary="0 0 9 9" Fill="true"><ofd:AbbreviatedData>M 0 0 B 1 1 2 2 3 3 C</ofd:AbbreviatedData></ofd:PathObject>'


def table(rows, x, y, widths, height=8.0):
    """A ruled table with a text in each cell."""
    right, bottom = x + sum(widths), y + height * len(rows)
    edges = [x + sum(widths[:at]) for at in range(len(widths) + 1)]
    parts = [rule(x, y + height * at, right, y + height * at) for at in range(len(rows) + 1)]
    parts += [rule(edge, y, edge, bottom) for edge in edges]
    parts += [text(cell, edge + 1, y + height * at + 6) for at, row in enumerate(rows) for cell, edge in zip(row, edges, strict=False)]
    return "".join(parts)


def paragraph(words, x, y, width, size=5.0, step=8.0):
    """Lines of `width` characters, the first indented by two; and where the next one goes."""
    lines = [(words[: width - 2], x + 2 * size), *((words[at : at + width], x) for at in range(width - 2, len(words), width))]
    return "".join(text(line, left, y + step * at, size) for at, (line, left) in enumerate(lines)), y + step * len(lines)


def content(*objects, size=None, template=None):
    area = f"<ofd:Area><ofd:PhysicalBox>0 0 {size[0]} {size[1]}</ofd:PhysicalBox></ofd:Area>" if size else ""
    used = f'<ofd:Template TemplateID="{template}"/>' if template else ""
    layer = f'<ofd:Content><ofd:Layer ID="9">{"".join(objects)}</ofd:Layer></ofd:Content>'
    return f"<ofd:Page {NAMESPACE}>{area}{used}{layer}</ofd:Page>"


def make_ofd(pages, *, title="", template=None, notes=(), more=None):
    """The file's bytes.

    Args:
        pages: What `content` gives, for each page.
        title: Of the document.
        template: A page that others may use as template 70.
        notes: (page number, type, objects) laid on pages.
        more: Other parts by name, in place of those made here.
    """
    listed = "".join(f'<ofd:Page ID="{100 + at}" BaseLoc="Pages/Page_{at}/Content.xml"/>' for at in range(len(pages)))
    used = '<ofd:TemplatePage ID="70" BaseLoc="Tpls/Tpl_0/Content.xml"/>' if template else ""
    parts = {
        "OFD.xml": OFD.format(title=title),
        "Doc_0/Document.xml": f"<ofd:Document {NAMESPACE}><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox>"
        f"</ofd:PageArea>{used}</ofd:CommonData><ofd:Pages>{listed}</ofd:Pages>"
        f"{'<ofd:Annotations>Annots/Annotations.xml</ofd:Annotations>' if notes else ''}</ofd:Document>",
        **{f"Doc_0/Pages/Page_{at}/Content.xml": page for at, page in enumerate(pages)},
    }
    if template:
        parts["Doc_0/Tpls/Tpl_0/Content.xml"] = template
    if notes:
        named = "".join(
            f'<ofd:Page PageID="{99 + page}"><ofd:FileLoc>Annot_{at}.xml</ofd:FileLoc></ofd:Page>' for at, (page, _, _) in enumerate(notes)
        )
        parts["Doc_0/Annots/Annotations.xml"] = f"<ofd:Annotations {NAMESPACE}>{named}</ofd:Annotations>"
        for at, (_, kind, objects) in enumerate(notes):
            parts[f"Doc_0/Annots/Annot_{at}.xml"] = (
                f'<ofd:PageAnnot {NAMESPACE}><ofd:Annot ID="5" Type="{kind}"><ofd:Appearance Boundary="0 0 210 297">{objects}'
                "</ofd:Appearance></ofd:Annot></ofd:PageAnnot>"
            )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in (parts | (more or {})).items():
            package.writestr(name, part)
    return packed.getvalue()
