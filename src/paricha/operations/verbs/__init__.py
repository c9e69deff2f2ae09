"""What can be done with an operation, by stage: plan, nominate, seal, release, stop, the urgent road, devices."""
