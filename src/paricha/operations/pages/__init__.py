"""Screens of `operations`, by stage: plan, nominate, seal and release, devices, the urgent road."""
