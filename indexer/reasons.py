"""Why a file could not be read, in the reader's language.

Loaders give the reason in English, and catalogues, remarks and deliveries store it; here the stored text is matched to find its message
and parameters. A new reason of a loader needs one more line here.
"""

from __future__ import annotations

import re
from functools import cache

from indexer.texts import ENGLISH, N_, spoken
from indexer.texts import gettext as _

TEXTS: tuple[str, ...] = (
    # Any file.
    N_("%(extension)s: expected one of %(known)s"),
    N_("no extension"),
    N_("the file is empty"),
    N_("no text in it although it is not empty"),
    N_("there are pictures in it and no text: a scan put into a document; save it as PDF, or its pictures as .png"),
    N_("it is %(kind)s, not %(extension)s; name it %(likely)s"),
    N_("it is %(kind)s, not %(extension)s; give the report's text"),
    N_("a PDF"),
    N_("a packed file such as .docx"),
    N_("an old Word file"),
    N_("an RTF file"),
    N_("a picture"),
    N_("it is no ordinary file; put the report here as a file"),
    N_("%(size)s bytes; expected at most %(most)s"),
    N_("%(size)s characters of text; expected at most %(most)s"),
    N_("%(count)s characters; no report has so many"),
    N_("%(count)s pages; expected at most %(most)s"),
    N_("%(count)s pages up to %(name)s; expected at most %(most)s"),
    N_("%(count)s pictures; expected at most %(most)s"),
    N_("%(count)s parts; expected at most %(most)s"),
    N_("it unpacks to %(size)s bytes; no report is that large"),
    N_("it unpacks to %(size)s bytes in %(count)s parts; no report does"),
    N_("%(part)s unpacks to more than %(most)s bytes; no report is that large"),
    N_("it changed while it was read; run reindex again"),
    N_("it cannot be opened: %(error)s"),
    N_("the text that stands for it cannot be opened: %(error)s"),
    N_("reading it took %(time)s; no report does"),
    N_("more than %(seconds)s seconds of processor time"),
    N_("more than %(seconds)s seconds"),
    N_("it takes more than %(memory)s to read; no report does"),
    N_("%(size)s MB of memory"),
    N_("reading it ended the process that read it; it is damaged or made to do harm"),
    N_("internal error while it was read (%(error)s); please report it"),
    N_("it is nested too deep; no report is"),
    N_("it is damaged (%(error)s); open it in its program and save it anew"),
    # Text and pages of the web.
    N_("it is a web page; name it .html"),
    N_("it is garbled: %(encoding)s text was read as Latin letters and saved again (“%(read)s” for “%(meant)s”); %(remedy)s"),
    N_("get it anew from where it was published, or undo that in an editor"),
    N_("print it to a new PDF, or run it through OCR"),
    N_("byte %(byte)s is no %(encoding)s, although the rest is; the file is damaged, save it anew as UTF-8"),
    N_("it holds the control character %(character)s; expected text"),
    N_("it is neither UTF-8 nor GB18030 nor UTF-16 text; save it as UTF-8"),
    N_("its encoding cannot be told for sure; save it as UTF-8 with a byte order mark"),
    N_("no text in UTF-8, GB18030 or UTF-16; save it as UTF-8"),
    N_("it is no web page: there is no tag in it; name it .txt if it is a text"),
    N_("it is a web archive; name it .mhtml"),
    N_("it is no web archive: it has no MIME header; name it .html if it is a page"),
    N_("there is no page in this web archive; save it anew from the browser"),
    N_("its elements are nested more than %(most)s deep; no page of text is"),
    N_("no text of a report in it: %(reason)s"),
    N_("it is made of frames; open the frame with the report by itself and save that"),
    N_("it shows another file or page inside; save that one"),
    N_("it has %(count)s pictures; if they are the report, get its text or run them through OCR"),
    N_("it is drawn by a program; open it in a browser and save it from there, or copy its text into a .txt"),
    N_("only titles, links or buttons; save the page that shows the text"),
    # Word and RTF.
    N_("it is encrypted with a password; open it in Word and save it without one"),
    N_("it is no Word file: there is no word/document.xml in it"),
    N_("it is no Word file, or a damaged one (%(error)s); open it in Word and save it anew"),
    N_("it is no Word file, though packed like one; open it with its own program and save it as .docx"),
    N_("there is a %(kind)s inside it that cannot be read; open it in Word and save it anew"),
    N_("its XML is nested deeper than any report's"),
    N_("it declares XML entities, which no Word file does"),
    N_("it is no old Word file; name it by what it is, or save it as .docx"),
    N_("it was written by a Word older than Word 6; open it in LibreOffice and save it as .docx"),
    N_("it was written by a Word older than Word 97; open it in Word or LibreOffice and save it as .docx"),
    N_("it is damaged (%(error)s); open it in Word and save it as .docx"),
    N_("it ends before its text does"),
    N_("its piece table is out of order"),
    N_("a table of it ends too early"),
    N_("it has no header"),
    N_("its text is shorter than it says"),
    N_("it has no piece table"),
    N_("it is no RTF file; name it by what it is, or save it as .docx"),
    N_("it ends in the middle of its text; get it again, or open it in Word and save it as .docx"),
    N_("its groups are nested deeper than any report's"),
    N_("its characters are not in %(encoding)s as it says; open it in Word and save it as .docx"),
    # PDF and OFD.
    N_("it is no PDF; name it by what it is"),
    N_("it is damaged (%(error)s); open it in a PDF reader and save it anew"),
    N_("it is encrypted; save it without a password"),
    N_("it is garbled: its fonts do not say which characters they draw; print it to a new PDF, or run it through OCR"),
    N_("no text in it: its pages are pictures or drawn shapes; get it with text, or run it through OCR first"),
    N_("it is no OFD file, or a damaged one (%(error)s); open it in a reader and save it anew"),
    N_("it is no OFD file: OFD.xml is missing"),
    N_("it is damaged: %(part)s (%(error)s); open it in a reader and save it anew"),
    N_("it is damaged: the document that OFD.xml names is missing; get it anew"),
    N_("it is damaged: page %(page)s is missing; get it anew"),
    N_("it declares XML entities, which no OFD file does"),
    N_("no page in it although it is an OFD file"),
    N_("more is drawn on its pages than any report holds"),
    # Pictures and scans.
    N_("it is a scan: pictures of pages without text; what reads them: %(command)s"),
    N_("its pages are pictures without text; what reads them: %(command)s"),
    N_("it is a scan that could not be read: page %(page)s: %(reason)s"),
    N_("it is a picture or a scan in which OCR found no text"),
    N_("it is no picture that can be read; save it anew as .png"),
    N_("a picture of too many pixels; expected at most %(most)s"),
    N_("a picture of %(width)s × %(height)s pixels; expected at most %(most)s"),
    N_("a picture of %(width)s × %(height)s pixels, too small for a page"),
    N_("a page of %(width)s × %(height)s points"),
    N_("page %(page)s cannot be drawn (%(error)s); open it in a PDF reader and save it anew"),
    N_("the picture cannot be read (%(error)s)"),
)
"""All reasons and the words that may fill them; if several match, the first counts."""
_OF_ONE_PAGE = N_("%(file)s: %(reason)s")
_LONGEST = 1000
"""Longest reason that is translated, in characters, so that no file can make the search costly."""
_PARAMETER = re.compile(r"%\\\((\w+)\\\)s")
"""A parameter as it looks after `re.escape`."""


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((text, re.compile(_PARAMETER.sub(r"(?P<\1>.+?)", re.escape(text)), re.DOTALL)) for text in TEXTS)


def shown(reason: str) -> str:
    """A reason and its parameters in the current language; in English where it is none of these, such as an error of the system."""
    if spoken() == ENGLISH or len(reason) > _LONGEST:
        return reason
    for text, pattern in _patterns():
        if match := pattern.fullmatch(reason):
            return _(text, **{name: shown(value) for name, value in match.groupdict().items()})
    file, colon, of_it = reason.partition(": ")
    if colon and (known := shown(of_it)) != of_it:
        return _(_OF_ONE_PAGE, file=file, reason=known)
    return reason
