/* box_inside — what the two ends of the box agree on. */
#ifndef BOX_INSIDE_H
#define BOX_INSIDE_H

#define BOX_FD_FRAMES 3
#define BOX_FRAME_HEAD 5            /* kind, length in four bytes, little end first */
#define BOX_LIMITS_NAME "OPENSHELF_BOX"
#define BOX_EXIT_MEMORY 97          /* there was no memory left */
#define BOX_EXIT_BROKEN 98          /* an assumption of ours did not hold */
#endif
