"""What every page is made of.

Takes: records, readings, refusals and querysets already narrowed by `visible_to`.
Gives: page templates, the tag library `paricha`, list pages, the document viewer, papers (PDF), the road's menu, keys.
Refuses: colours, scripts and styles of a room's own; media of any kind; an original it could not show safely.
Start reading: `templates/screens/base.html`, then `templatetags/paricha.py`.
"""
