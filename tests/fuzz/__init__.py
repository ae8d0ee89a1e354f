"""Files as nobody should send them: damaged, cut, lying. Each is refused or taken whole, in bounded time and memory."""
