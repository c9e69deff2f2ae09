"""What stands on the pages of a PDF, where it stands, and which rules part it. Pure: no tables, no clock, no framework.

`apart.pages_of(data)` → pages of words in cells, read by pdfium in a child process with limits; `layout` → rows of cells
and running lines of a page; `rectangles.text_in` → what stands in a rectangle. PDFium is native code on hostile bytes, so
nothing of it runs in the process that asked. Refuses by name (`unreadable`): encrypted, damaged, too large, too slow.
"""
