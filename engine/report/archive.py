"""What makes of WeasyPrint's tagged PDF/A-3a one that is PDF/UA-1 too, before it is written.

WeasyPrint takes one variant a document. What PDF/UA asks beyond PDF/A-3a is put in here:
the mark in the metadata (with its extension schema, which PDF/A demands of any foreign
namespace), a scope on every header cell, and links that say where they lead.
"""

# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# pydyf's dictionaries hold anything.

import zlib
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import pydyf

if TYPE_CHECKING:
    from weasyprint import Document

Finisher = Callable[["Document", pydyf.PDF], None]

_UA = b"""<rdf:Description xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" rdf:about="">\
<pdfuaid:part>1</pdfuaid:part></rdf:Description>\
<rdf:Description xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"\
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"\
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#" rdf:about="">\
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">\
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>\
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>\
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq>\
<rdf:li rdf:parseType="Resource"><pdfaProperty:name>part</pdfaProperty:name>\
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>\
<pdfaProperty:category>internal</pdfaProperty:category>\
<pdfaProperty:description>Part of ISO 14289 that the file conforms to</pdfaProperty:description>\
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas>\
</rdf:Description>"""
_END = b"</rdf:RDF>"

#: Of zlib's nine; the last three take as long again for a hundredth less.
_EFFORT = 6


def finisher(places: Mapping[str, str]) -> Finisher:
    """Completes a document whose links lead to these places: anchor → name as it is read out."""

    def finish(_document: "Document", pdf: pydyf.PDF) -> None:
        for each in pdf.objects:
            if isinstance(each, pydyf.Dictionary):
                _complete(each, pdf, places)
            elif isinstance(each, pydyf.Stream):
                seal(each)
        pdf.objects[:] = [_written(each) for each in pdf.objects]

    return finish


class _Written(pydyf.Object):
    """An object as its bytes, made once: pydyf makes them to write them and again to hash them."""

    def __init__(self, made_of: pydyf.Object) -> None:
        super().__init__()
        self.number = made_of.number
        self._data = made_of.data

    @property
    def data(self) -> bytes:
        return self._data


def _written(each: pydyf.Object) -> pydyf.Object:
    is_final = each.free == "n" and each.compressible
    return _Written(each) if is_final else each


def _complete(element: pydyf.Dictionary, pdf: pydyf.PDF, places: Mapping[str, str]) -> None:
    if element.get("S") == "/TH":
        element["A"]["Scope"] = "/Column" if _is_in_head(element, pdf) else "/Row"
    if element.get("Subtype") == "/Link" and "Dest" in element:
        anchor = element["Dest"].string
        element["Contents"] = pydyf.String(f"Go to {places.get(anchor, anchor)}")


def _is_in_head(cell: pydyf.Dictionary, pdf: pydyf.PDF) -> bool:
    row = _object(cell["P"], pdf)
    return _object(row["P"], pdf).get("S") == "/THead"


def _object(reference: bytes, pdf: pydyf.PDF) -> pydyf.Dictionary:
    return pdf.objects[int(reference.split()[0])]


def seal(stream: pydyf.Stream) -> None:
    """Packs the stream now, and marks metadata, which stays readable.

    None may end in a carriage return, as validators take that for part of the end-of-line
    marker that follows; the one in 256 that would is written in hex digits.
    """
    if stream.extra.get("Type") == "/Metadata":
        stream.stream = [part.replace(_END, _UA + _END) for part in stream.stream]
        stream.compress = False
    if not stream.compress:
        return
    stream.compress = False
    plain = stream.data.partition(b"\nstream\n")[2].removesuffix(b"\nendstream")
    packed = zlib.compress(plain, _EFFORT)
    filters = ["/FlateDecode"]
    if packed.endswith(b"\r"):
        packed, filters = packed.hex().encode() + b">", ["/ASCIIHexDecode", *filters]
    stream.extra["Filter"] = pydyf.Array(filters)
    stream.stream = [packed]
