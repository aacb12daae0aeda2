/// What must happen before Swift's runtime starts; see start.c. There is nothing to call.
