//! What falls due: in order, each at its own time, however far the clock jumps.
