"""Methods of the simulator that declare channels, workflows, audiences, guides and faults."""
