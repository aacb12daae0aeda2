/// Set-up before Swift's runtime starts; see start.c. It has no functions to call.
