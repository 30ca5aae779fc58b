/* refusal — why a file holds no table, in the reader's language. Reasons are made
 * where files are read, in a process that knows no language, and kept as English
 * text (of jobs, in reports); here such a text is known again by the sentence it
 * was made of (refusal.def, kind.def) and said in the language of the ctx. */
#ifndef REFUSAL_H
#define REFUSAL_H
#include "base.h"

str refusal_said(ctx *c, str english);      /* itself when no sentence fits, or has no translation */
#endif
