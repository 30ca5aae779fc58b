/* frame — the views of the shell's own templates. Used inside app/shell. */
#ifndef FRAME_H
#define FRAME_H
#include "app/shell/shell.h"

typedef struct { str label, href; bool current, gap; } shell_page_link;
typedef struct {
    shell_page_link previous, next;
    struct { shell_page_link *v; size_t n, cap; } pages;
} shell_paging;

typedef struct { str label, href; bool current; } shell_nav;
typedef struct {
    const page *p;
    html body, json_ld;
    str  title;                     /* with the site's */
    str  site, home, lang, styles, icon, script;
    str_list modules;               /* what the script will import */
    str  canonical, other_href, other_label, other_tag, chinese, english, neutral;
    str  json, feed;
    str  search_action;
    struct { shell_nav *v; size_t n, cap; } nav, foot;
} shell_frame;

/* back: the page that was asked for, without what was asked of it; empty: there is none. */
typedef struct { int status; str status_text, title, message, advice, request_id, field, back; bool in_english; } shell_error;

/* Path of the one style sheet, and of a picture in web/, with the hash of their bytes in it. */
str shell_styles(ctx *c);
str shell_asset(ctx *c, const char *name);
/* Path of a module. All of them share a hash, so that one finds the next beside itself. */
str shell_script(ctx *c, const char *name);
str_list shell_scripts(ctx *c);         /* all of them */
#endif
