/* must — programmer errors. must(x) ends the process with file, line and the
 * condition: state we cannot reason about is never limped along with. Errors
 * that a user, a file or the network can cause use fail() (err.h) instead. */
#ifndef MUST_H
#define MUST_H

#define must(cond) ((cond) ? (void)0 : must_failed(#cond, __FILE__, __LINE__))

void must_failed(const char *cond, const char *file, int line) __attribute__((noreturn, cold));
#endif
