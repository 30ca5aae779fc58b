/* html — markup that is safe by type. A value of type `html` is already safe;
 * everything else is escaped when it is put. Only template output (tplgen),
 * html_mark and html_lines make one. Code that tplgen generates calls
 * html_put / html_attr; the type of the argument decides (_Generic). */
#ifndef HTML_H
#define HTML_H
#include "base.h"

typedef struct {
    str s;
} html;

/* Text between tags. */
#define html_put(o, x)                                                                                \
    _Generic((x), html: html_put_html, str: html_put_str, char *: html_put_z, const char *: html_put_z, \
        int: html_put_int, long: html_put_int, long long: html_put_int, size_t: html_put_size)((o), (x))
/* Inside a double-quoted attribute. */
#define html_attr(o, x)                                                                               \
    _Generic((x), str: html_attr_str, char *: html_attr_z, const char *: html_attr_z,                 \
        int: html_put_int, long: html_put_int, long long: html_put_int, size_t: html_put_size)((o), (x))
/* Inside href/src/action: escaped, and anything that is not http(s), mailto, tel or site-relative
 * becomes "#". */
void html_url(buf *o, str url);

void html_put_html(buf *o, html x);
void html_put_str(buf *o, str x);
void html_put_z(buf *o, const char *x);
void html_put_int(buf *o, int64_t x);
void html_put_size(buf *o, size_t x);
void html_attr_str(buf *o, str x);
void html_attr_z(buf *o, const char *x);

html html_lines(arena *a, str text);                  /* escaped, line ends become <br> */
html html_link_text(arena *a, str text);              /* html_lines, and http(s) addresses become links */
html html_mark(arena *a, str text, const str_list *words);   /* escaped, found words in <mark> */
#endif
