package postern.events;

import postern.web.problem.ProblemCode;

/** The data of {@code session.ending}: why no more events come with these credentials. */
record SessionEnding(ProblemCode code) {}
