//! Messages, codec, gate and the state machines of both sides.
