"""A seized thing from hand to hand: seizure list, label, custody by two hands, clocks, certificate.

Takes field events; gives exhibits whose custody has no gap. Refuses one mark twice at a site, a move by one hand, a label
of another exhibit, a lab return for another thing. Nothing is previewed. Start reading at `verbs` and `clocks`.
"""
