/* The choice among the paths of a prefix where it is simple (choose.c). */
#ifndef BGP_SPEED_CHOOSE_H
#define BGP_SPEED_CHOOSE_H

#include "entries.h"

enum { MOST_SOURCES = 32 };

/* What the rules say of the neighbour of some paths. */
struct terms {
    PyObject *shared; /* borrowed: what its paths have in common; NULL for none */
    long long remote_as; /* -1 unless it is external */
};

/* The rules, and what is kept of neighbours while nothing can change; all borrowed. */
struct chooser {
    PyObject *rules, *choices;
    unsigned long long serial;
    struct terms terms[MOST_SOURCES];
};

/* `rules`: of bgp.rib.rules. */
LOCAL int open_chooser(struct chooser *chooser, PyObject *rules);

/* Chooses among the paths of `entry`, at least one; `chosen` (or NULL) is the one that was best.
   Fills `best`. A new reference to what the table is to hold; NULL without an error where Python
   has to choose. */
LOCAL PyObject *choose_entry(struct chooser *chooser, struct entry *entry, PyObject *chosen);

#endif
